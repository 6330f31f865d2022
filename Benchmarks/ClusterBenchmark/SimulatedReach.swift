import DockerAPI
import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadControl
import RoadsteadModel
import Synchronization

/// Hosts that install for a fixed time, and Swarms in memory: what SSH and the engines' API do in a real server.
struct SimulatedReach: ClusterOutside {
    let install: Duration
    private let swarms = Swarms()

    init(install: Duration) { self.install = install }

    func hosts(_ login: @escaping @Sendable (String) async throws -> HostLogin) -> any ClusterHostWork {
        SimulatedHosts(install: install, login: login)
    }

    func swarm(authority: String, client: IssuedCertificate, logger: Logger) throws -> any ClusterSwarmWork {
        SimulatedSwarm(swarms: swarms, authority: authority)
    }
}

struct SimulatedHosts: ClusterHostWork {
    let install: Duration
    let login: @Sendable (String) async throws -> HostLogin

    /// In OpenSSH's form, of no use to anybody.
    private static let hostKey =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"

    private func facts(_ address: String, hasEngine: Bool) -> HostFacts {
        var facts = HostFacts()
        (facts.distribution, facts.release, facts.hasSystemd) = ("debian", "12", true)
        (facts.addresses, facts.mtu) = ([address], 1500)
        guard hasEngine else { return facts }
        facts.hasDocker = true
        facts.engine = HostFacts.Engine(version: "20.10.24", running: 0, swarmState: "inactive")
        return facts
    }

    /// Asks how the machine is entered, as a connection does.
    func arrive(_ machine: String, isFresh: Bool) async throws -> MachineArrival {
        let address = try await login(machine).address.host
        return MachineArrival(
            hostKeys: [Self.hostKey], facts: facts(address, hasEngine: false), seenFrom: "203.0.113.7")
    }

    func prepare(_ machine: String, _ wishes: EngineWishes) async throws -> HostFacts {
        try await SystemClock().sleep(for: install)
        return facts("198.18.0.0", hasEngine: true)
    }

    func checkPaths(_ nodes: [NodePlace]) async throws -> Int? { nil }
    func release(_ machine: String, node: String?) async throws {}
    func bootID(_ machine: String) async throws -> String { "1" }
    func power(_ machine: String, _ order: PowerOrder) async throws {}
    func answers(_ machine: String) async -> Bool { true }
    func close() async {}
}

/// The nodes of all Swarms, by the authority of each.
final class Swarms: Sendable {
    private let nodes = Mutex<[String: [String: SwarmNode]]>([:])

    func change<Value: Sendable>(
        _ authority: String, _ body: (inout [String: SwarmNode]) throws -> Value
    ) rethrows -> Value {
        try nodes.withLock { try body(&$0[authority, default: [:]]) }
    }
}

struct SimulatedSwarm: ClusterSwarmWork {
    let swarms: Swarms
    let authority: String

    private func add(_ address: String, _ role: MachineRole) -> String {
        var node = SwarmNode(
            id: "node-\(address)", version: ObjectVersion(index: 1),
            spec: NodeSpec(labels: [:], role: role.rawValue, availability: "active"))
        node.status = NodeStatus(state: "ready", addr: address)
        node.description = NodeDescription(engine: .init(engineVersion: "20.10.24"))
        swarms.change(authority) { $0[node.id] = node }
        return node.id
    }

    private func change(_ node: String, _ body: (inout NodeSpec) -> Void) {
        swarms.change(authority) { nodes in
            guard var found = nodes[node] else { return }
            body(&found.spec)
            nodes[node] = found
        }
    }

    func initialize(
        _ engine: String, advertise: String, pools: [String], autolock: Bool
    ) async throws -> (swarm: String, node: String) { ("swarm", add(engine, .manager)) }

    func join(
        _ engine: String, advertise: String, as role: MachineRole, through managers: [String]
    ) async throws -> String { add(engine, role) }

    func nodes(through managers: [String]) async throws -> [SwarmNode] {
        swarms.change(authority) { Array($0.values) }
    }

    func promote(_ node: String, through managers: [String]) async throws {
        change(node) { $0.role = MachineRole.manager.rawValue }
    }

    func demote(_ node: String, through managers: [String]) async throws {
        change(node) { $0.role = MachineRole.worker.rawValue }
    }

    func drain(_ node: String, through managers: [String]) async throws {
        change(node) { $0.availability = "drain" }
    }

    func remove(_ node: String, through managers: [String]) async throws {
        swarms.change(authority) { $0[node] = nil }
    }

    func setLabels(
        _ node: String, set: [String: String], remove: Set<String>, through managers: [String]
    ) async throws {
        change(node) { $0.labels = ($0.labels ?? [:]).merging(set) { $1 } }
    }

    func verify(_ expected: [ExpectedNode], through managers: [String]) async throws {
        let known = Set(try await nodes(through: managers).map(\.id))
        guard expected.allSatisfy({ known.contains($0.node) }) else {
            throw RoadsteadError(.unavailable, "a node is missing")
        }
    }

    func unlockKey(through managers: [String]) async throws -> Redacted<String>? { nil }
}
