import DockerAPI
import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadTestKit

@testable import RoadsteadControl

/// The hosts and the Swarm of one cluster in memory, by address. What is done is counted, so that what was done twice shows.
struct SimulatedWorld: Sendable {
    struct Node: Sendable {
        var id: String
        var role: MachineRole
        var labels: [String: String] = [:]
        var availability = "active"
        var hostName: String
    }

    /// Engines that were prepared, with the certificate that each has.
    var engines: [String: String] = [:]
    var nodes: [String: Node] = [:]
    var swarms = 0
    var joins = 0
    var prepared = 0
    /// Hosts that do not answer.
    var down: Set<String> = []
    /// Containers that run on a host that nobody prepared.
    var containers: [String: Int] = [:]
    /// What an engine is that was not changed.
    var engineVersion = "20.10.24"
    var upgrades = SimulatedUpgrades()
    var swarmID = "swarm-1"
    var seenFrom: String? = "203.0.113.7"
    var powered: [String] = []
    /// Managers that were started anew, of a Swarm that locks them.
    var locked: Set<String> = []
    var unlockKey = "SWMKEY-1-simulated"
    /// The authority of whose clients a prepared engine takes certificates.
    var authorities: [String: String] = [:]
    /// By which a host is told from another, where its address does not.
    var identities: [String: (id: String, addresses: [String])] = [:]
    /// Nodes that were taken out while they did not answer, and know nothing of it.
    var ghosts: [String: String] = [:]
    var hostKeys: [String: String] = [:]

    func node(at address: String) -> Node? { nodes[address] }

    /// Whether its node is.
    func isUp(_ address: String) -> Bool {
        engines[address] != nil && !down.contains(address) && !locked.contains(address)
    }
}

/// A process that can be killed: from then on it does nothing any more, or what it has begun still happens and the answer
/// is lost.
final class Lifeline: Sendable {
    struct State {
        var isDead = false
        var finishesDeeds = false
    }

    let state = Shared(State())

    func kill(finishingDeeds: Bool) {
        state.change { $0 = State(isDead: true, finishesDeeds: finishingDeeds) }
    }

    func run<Value: Sendable>(_ deed: () throws -> Value) throws -> Value {
        let before = state.value
        if before.isDead, !before.finishesDeeds { throw CancellationError() }
        let value = try deed()
        if state.value.isDead { throw CancellationError() }
        return value
    }
}

struct SimulatedOutside: ClusterOutside {
    let world: Shared<SimulatedWorld>
    let life: Lifeline

    func hosts(_ login: @escaping @Sendable (String) async throws -> HostLogin) -> any ClusterHostWork {
        SimulatedHosts(world: world, life: life, login: login)
    }

    func swarm(authority: String, client: IssuedCertificate, logger: Logger) throws -> any ClusterSwarmWork {
        SimulatedSwarm(world: world, life: life)
    }
}

struct SimulatedHosts: ClusterHostWork {
    let world: Shared<SimulatedWorld>
    let life: Lifeline
    let login: @Sendable (String) async throws -> HostLogin

    /// An Ed25519 key in OpenSSH's form, of no use to anybody.
    static let hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"

    private func reach<Value: Sendable>(
        _ machine: String, _ deed: (inout SimulatedWorld, String) throws -> Value
    ) async throws -> Value {
        let address = try await login(machine).address.host
        await Task.yield()
        return try life.run {
            let result: Result<Value, any Error> = world.change { world in
                guard !world.down.contains(address) else {
                    return .failure(RoadsteadError(.unavailable, "\(machine) does not answer"))
                }
                return Result { try deed(&world, address) }
            }
            return try result.get()
        }
    }

    private static func facts(_ world: SimulatedWorld, _ address: String) -> HostFacts {
        var facts = HostFacts()
        (facts.distribution, facts.release, facts.hasSystemd) = ("debian", "12", true)
        (facts.addresses, facts.mtu) = (world.identities[address]?.addresses ?? [address], 1500)
        facts.machineID = world.identities[address]?.id
        facts.engineAuthority = world.authorities[address]
        let isPrepared = world.engines[address] != nil
        guard isPrepared || world.containers[address] != nil else { return facts }
        facts.hasDocker = true
        facts.enginePackage = "docker.io"
        facts.engine = HostFacts.Engine(
            version: world.version(at: address), running: world.containers[address] ?? 0,
            swarmState: world.nodes[address] == nil && world.ghosts[address] == nil ? "inactive" : "active",
            nodeID: world.nodes[address]?.id ?? world.ghosts[address],
            clusterID: world.nodes[address].map { _ in world.swarmID })
        return facts
    }

    func arrive(_ machine: String, isFresh: Bool) async throws -> MachineArrival {
        let known = try await login(machine).trust
        return try await reach(machine) { world, address in
            let key = world.hostKeys[address] ?? Self.hostKey
            // The cloud has told the keys of those that it made; of hosts that exist only ours is known.
            if case .known(let keys) = known, world.hostKeys[address] != nil,
                !keys.contains(where: { $0.description == key })
            {
                throw RoadsteadError(.invalidState, "\(machine) shows another host key than before")
            }
            return MachineArrival(hostKeys: [key], facts: Self.facts(world, address), seenFrom: world.seenFrom)
        }
    }

    func look(_ machine: String) async throws -> HostFacts {
        try await reach(machine) { world, address in Self.facts(world, address) }
    }

    func prepare(_ machine: String, _ wishes: EngineWishes) async throws -> HostFacts {
        try await reach(machine) { world, address in
            _ = try HostPreparation(Self.facts(world, address), wishes: wishes, host: machine)
            let certificate = wishes.tls?.certificate ?? ""
            if world.engines[address] != certificate { world.prepared += 1 }
            // A system that was made anew knows nothing of the node that its predecessor was.
            if world.engines[address] == nil, let old = world.nodes.removeValue(forKey: address) {
                world.nodes["before \(address)"] = old
            }
            world.engines[address] = certificate
            world.authorities[address] = wishes.tls?.authority.split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
            return Self.facts(world, address)
        }
    }

    func fetchEngine(_ machine: String, _ wishes: EngineWishes) async throws -> EngineFetch {
        try await reach(machine) { world, address in try world.fetch(wishes, at: address) }
    }

    func changeEngine(_ machine: String, _ wishes: EngineWishes, isOfPackages: Bool) async throws -> HostFacts {
        try await reach(machine) { world, address in
            try world.change(wishes, isOfPackages, at: address)
            return Self.facts(world, address)
        }
    }

    func checkPaths(_ nodes: [NodePlace]) async throws -> Int? { try life.run { nil } }

    func release(_ machine: String, node: String?) async throws {
        try await reach(machine) { world, address in
            if world.nodes[address]?.id == node { world.nodes[address] = nil }
            if world.ghosts[address] == node { world.ghosts[address] = nil }
            world.engines[address] = nil
            world.authorities[address] = nil
            world.locked.remove(address)
        }
    }

    func bootID(_ machine: String) async throws -> String {
        try await reach(machine) { world, _ in "boot \(world.powered.count)" }
    }

    func power(_ machine: String, _ order: PowerOrder) async throws {
        try await reach(machine) { world, _ in world.powered.append("\(order.rawValue) \(machine)") }
    }

    func answers(_ machine: String) async -> Bool { (try? await arrive(machine, isFresh: false)) != nil }

    func shownKeys(_ machine: String) async throws -> [String] {
        try await reach(machine) { world, address in [world.hostKeys[address] ?? Self.hostKey] }
    }

    func close() async {}
}

struct SimulatedSwarm: ClusterSwarmWork {
    let world: Shared<SimulatedWorld>
    let life: Lifeline

    private func ask<Value: Sendable>(
        _ managers: [String], _ deed: (inout SimulatedWorld) throws -> Value
    ) async throws -> Value {
        await Task.yield()
        return try life.run {
            let result: Result<Value, any Error> = world.change { world in
                let isAnswered = managers.contains { manager in
                    world.nodes[manager]?.role == .manager && world.isUp(manager)
                }
                guard isAnswered else { return .failure(RoadsteadError(.unavailable, "no manager answers")) }
                return Result { try deed(&world) }
            }
            return try result.get()
        }
    }

    private func engine<Value: Sendable>(
        _ address: String, _ deed: (inout SimulatedWorld) throws -> Value
    ) async throws -> Value {
        await Task.yield()
        return try life.run {
            let result: Result<Value, any Error> = world.change { world in
                guard world.engines[address] != nil, !world.down.contains(address) else {
                    return .failure(RoadsteadError(.unavailable, "no engine at \(address)"))
                }
                return Result { try deed(&world) }
            }
            return try result.get()
        }
    }

    func initialize(
        _ engine: String, advertise: String, pools: [String], autolock: Bool
    ) async throws -> (swarm: String, node: String) {
        try await self.engine(engine) { world in
            if world.nodes[engine] == nil {
                world.swarms += 1
                world.nodes[engine] = .init(id: "node-\(engine)", role: .manager, hostName: engine)
            }
            return (world.swarmID, "node-\(engine)")
        }
    }

    func join(
        _ engine: String, advertise: String, as role: MachineRole, through managers: [String]
    ) async throws -> String {
        try await ask(managers) { _ in }
        return try await self.engine(engine) { world in
            if world.nodes[engine] == nil {
                world.joins += 1
                let isKnown = world.nodes.values.contains { $0.id == "node-\(engine)" }
                let id = isKnown ? "node-\(engine)-\(world.joins)" : "node-\(engine)"
                world.nodes[engine] = .init(id: id, role: role, hostName: engine)
            }
            world.nodes[engine]?.role = role
            return world.nodes[engine]?.id ?? ""
        }
    }

    func nodes(through managers: [String]) async throws -> [SwarmNode] {
        try await ask(managers) { world in
            world.nodes.sorted { $0.key < $1.key }.map { address, node in
                var found = SwarmNode(
                    id: node.id, version: ObjectVersion(index: 1),
                    spec: NodeSpec(labels: node.labels, role: node.role.rawValue, availability: node.availability))
                found.status = NodeStatus(state: world.isUp(address) ? "ready" : "down", addr: address)
                found.description = NodeDescription(engine: .init(engineVersion: world.version(at: address)))
                found.managerStatus = world.managerStatus(at: address)
                return found
            }
        }
    }

    private func change(
        _ node: String, _ managers: [String], _ change: (inout SimulatedWorld.Node) -> Void
    ) async throws {
        try await ask(managers) { world in
            guard let address = world.nodes.first(where: { $0.value.id == node })?.key else {
                throw RoadsteadError(.notFound, "no node \(node)")
            }
            world.nodes[address].map { found in
                var found = found
                change(&found)
                world.nodes[address] = found
            }
        }
    }

    func promote(_ node: String, through managers: [String]) async throws {
        try await change(node, managers) { $0.role = .manager }
    }

    func demote(_ node: String, through managers: [String]) async throws {
        try await change(node, managers) { $0.role = .worker }
    }

    func drain(_ node: String, through managers: [String]) async throws {
        try await change(node, managers) { $0.availability = "drain" }
    }

    func evacuate(_ node: String, limit: Duration, through managers: [String]) async throws -> [String] {
        try await change(node, managers) { $0.availability = "drain" }
        return try await ask(managers) { world in
            world.upgrades.noteDrained(world.nodes.values.count { $0.availability == "drain" })
            return world.upgrades.held[node] ?? []
        }
    }

    func setAvailability(_ node: String, _ availability: String, through managers: [String]) async throws {
        try await change(node, managers) { $0.availability = availability }
    }

    func wholeServices(through managers: [String]) async throws -> Set<String> {
        try await ask(managers) { $0.upgrades.services.subtracting($0.upgrades.broken) }
    }

    func awaitWhole(_ services: Set<String>, limit: Duration, through managers: [String]) async throws -> [String] {
        try await ask(managers) { services.intersection($0.upgrades.broken).sorted() }
    }

    func remove(_ node: String, through managers: [String]) async throws {
        try await ask(managers) { world in
            guard let address = world.nodes.first(where: { $0.value.id == node })?.key else { return }
            guard world.nodes[address]?.role == .worker else {
                throw RoadsteadError(.invalidState, "\(node) is a manager")
            }
            if world.down.contains(address) { world.ghosts[address] = node }
            world.nodes[address] = nil
        }
    }

    func setLabels(
        _ node: String, set: [String: String], remove: Set<String>, through managers: [String]
    ) async throws {
        try await change(node, managers) { node in
            node.labels = node.labels.filter { !remove.contains($0.key) }.merging(set) { $1 }
        }
    }

    func verify(_ expected: [ExpectedNode], through managers: [String]) async throws {
        let nodes = try await nodes(through: managers)
        for node in expected where !nodes.contains(where: { $0.id == node.node && $0.spec.role == node.role.rawValue })
        {
            throw RoadsteadError(.unavailable, "\(node.name) is no \(node.role.rawValue)")
        }
    }

    func unlockKey(through managers: [String]) async throws -> Redacted<String>? {
        try await ask(managers) { _ in Redacted("SWMKEY-1-simulated") }
    }

    func unlock(_ engine: String, key: Redacted<String>) async throws -> Bool {
        try await self.engine(engine) { world in
            guard world.locked.contains(engine) else { return false }
            guard key.exposed == world.unlockKey else {
                throw RoadsteadError(.forbidden, "the key is not the one that locks the Swarm at \(engine)")
            }
            world.locked.remove(engine)
            world.upgrades.unlocked.append(engine)
            return true
        }
    }
}
