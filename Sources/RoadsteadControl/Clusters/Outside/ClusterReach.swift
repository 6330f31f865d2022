import DockerAPI
import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// Hosts over SSH, engines over mutual TLS.
public struct ClusterReach: ClusterOutside {
    public init() {}

    public func hosts(_ login: @escaping @Sendable (String) async throws -> HostLogin) -> any ClusterHostWork {
        SecureShellWork(hosts: ClusterHosts(login: login))
    }

    public func swarm(
        authority: String, client: IssuedCertificate, logger: Logger
    ) throws -> any ClusterSwarmWork {
        EngineWork(swarm: SwarmMembership(authority: authority, client: client, logger: logger))
    }
}

/// Machines over SSH.
struct SecureShellWork: ClusterHostWork {
    let hosts: ClusterHosts

    func arrive(_ machine: String, isFresh: Bool) async throws -> MachineArrival {
        var patience = HostPatience()
        if isFresh { patience.keyGrace = .seconds(60) } else { patience.limit = HostPatience.existing }
        let arrived = try await HostArrival(patience: patience).wait(for: machine, on: hosts)
        return try await at(machine, doing: "look at machine \(machine)") { host in
            let seen = try await host.run(RemoteCommand("printf %s \"${SSH_CONNECTION%% *}\""))
            return MachineArrival(
                hostKeys: arrived.keys.map(\.description), jumpKeys: host.jumpHostKeys().map(\.description),
                facts: arrived.facts, seenFrom: seen.outputText.isEmpty ? nil : seen.outputText)
        }
    }

    func prepare(_ machine: String, _ wishes: EngineWishes) async throws -> HostFacts {
        try await at(machine, doing: "prepare machine \(machine)") { host in
            let preparation = try HostPreparation(try await host.facts(), wishes: wishes, host: machine)
            try await host.prepare(preparation)
            return try await host.facts()
        }
    }

    func look(_ machine: String) async throws -> HostFacts {
        try await at(machine, doing: "look at machine \(machine)") { try await $0.facts() }
    }

    func fetchEngine(_ machine: String, _ wishes: EngineWishes) async throws -> EngineFetch {
        try await at(machine, doing: "fetch an engine for machine \(machine)") { host in
            try await host.fetch(EngineChange(try await host.facts(), wishes: wishes, host: machine))
        }
    }

    func changeEngine(_ machine: String, _ wishes: EngineWishes, isOfPackages: Bool) async throws -> HostFacts {
        try await at(machine, doing: "change the engine of machine \(machine)") { host in
            let change = try EngineChange(try await host.facts(), wishes: wishes, host: machine)
            try await host.carryOut(change, isOfPackages: isOfPackages)
            return try await host.facts()
        }
    }

    func checkPaths(_ nodes: [NodePlace]) async throws -> Int? {
        let places = nodes.map { NodePaths.Node(name: $0.name, address: $0.address, role: $0.role) }
        let report = try await NodePaths().check(places, on: hosts)
        try report.requireOpen()
        return report.mtu
    }

    /// The Swarm is left only when it is the one that the machine joined for us.
    func release(_ machine: String, node: String?) async throws {
        try await at(machine, doing: "release machine \(machine)") { host in
            try await host.connect()
            try await host.succeed(
                RemoteCommand(feeding: Self.releaseScript(node: node), asRoot: true, timeLimit: .seconds(180)))
        }
    }

    static func releaseScript(node: String?) -> String {
        """
        set -e
        \(EngineRestart.functions)
        if command -v docker >/dev/null && [ -n \(ShellWord.quoted(node ?? "")) ]; then
          n=$(timeout 30 docker info --format '{{.Swarm.NodeID}}' 2>/dev/null || true)
          # A locked manager does not know its own id. That we set up its engine tells whose it is.
          s=$(timeout 30 docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null || true)
          if [ "$s" = locked ] && [ -e /etc/systemd/system/docker.service.d/10-roadstead.conf ]; then
            n=\(ShellWord.quoted(node ?? ""))
          fi
          if [ "$n" = \(ShellWord.quoted(node ?? "")) ]; then
            i=0
            # Engine 20.10 writes into the folder that it removes, stumbles over that, and is out at another try.
            until timeout 120 docker swarm leave --force >/dev/null 2>&1 ||
              [ "$(timeout 30 docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null)" = inactive ]; do
              i=$((i + 1)); [ $i -lt 10 ] || { echo 'the engine does not leave its Swarm' >&2; exit 1; }; sleep 2
            done
          fi
        fi
        if [ -e /etc/systemd/system/docker.service.d/10-roadstead.conf ]; then
          rm -f /etc/systemd/system/docker.service.d/10-roadstead.conf
          rm -f /etc/docker/tls/ca.pem /etc/docker/tls/server.pem /etc/docker/tls/server-key.pem
          rmdir /etc/docker/tls /etc/systemd/system/docker.service.d 2>/dev/null || true
          systemctl daemon-reload
          if systemctl -q is-active docker; then restart_engine; fi
        fi
        rm -f /etc/sysctl.d/90-roadstead.conf /var/lib/roadstead/engine-changed /var/lib/roadstead/engine
        rmdir /var/lib/roadstead 2>/dev/null || true
        """
    }

    func bootID(_ machine: String) async throws -> String {
        try await at(machine, doing: "look at machine \(machine)") { host in
            try await host.succeed(RemoteCommand("cat /proc/sys/kernel/random/boot_id")).outputText
        }
    }

    func power(_ machine: String, _ order: PowerOrder) async throws {
        let verb = order == .restart ? "reboot" : "poweroff"
        try await at(machine, doing: "\(order.rawValue) machine \(machine)") { host in
            try await host.connect()
            try await host.succeed(
                RemoteCommand("systemd-run --quiet --on-active=1 systemctl \(verb)", asRoot: true))
        }
        await hosts.forget(machine)
    }

    func answers(_ machine: String) async -> Bool {
        guard let host = try? await hosts.host(machine) else { return false }
        return (try? await host.connect()) != nil
    }

    /// The login need not succeed: the host shows its key before that.
    func shownKeys(_ machine: String) async throws -> [String] {
        try await at(machine, doing: "look at the host key of \(machine)") { known in
            let login = known.login
            let stranger = try HostLogin(
                address: login.address, user: login.user, trust: .firstContact, authentication: login.authentication,
                jump: login.jump)
            return try await RemoteHost.with(stranger) { host in
                do { try await host.connect() } catch { guard !host.hostKeys().isEmpty else { throw error } }
                return host.hostKeys().map(\.description)
            }
        }
    }

    func close() async { await hosts.close() }

    private func at<Value: Sendable>(
        _ machine: String, doing: String, _ body: (RemoteHost) async throws -> Value
    ) async throws -> Value {
        do { return try await body(try await hosts.host(machine)) } catch {
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: doing)
        }
    }
}

/// The Swarm through its engines.
struct EngineWork: ClusterSwarmWork {
    let swarm: SwarmMembership

    func initialize(
        _ engine: String, advertise: String, pools: [String], autolock: Bool
    ) async throws -> (swarm: String, node: String) {
        let identity = try await swarm.initialize(engine, advertise: advertise, pools: pools, autolock: autolock)
        return (identity.swarmID, identity.nodeID)
    }

    func join(
        _ engine: String, advertise: String, as role: MachineRole, through managers: [String]
    ) async throws -> String {
        try await swarm.join(engine, advertise: advertise, as: role, through: managers)
    }

    func nodes(through managers: [String]) async throws -> [SwarmNode] { try await swarm.nodes(through: managers) }

    func promote(_ node: String, through managers: [String]) async throws {
        try await swarm.promote(node, through: managers)
    }

    func demote(_ node: String, through managers: [String]) async throws {
        try await swarm.demote(node, through: managers)
    }

    func drain(_ node: String, through managers: [String]) async throws {
        try await swarm.drain(node, through: managers)
    }

    /// It was drained: that its engine still runs keeps nobody.
    func remove(_ node: String, through managers: [String]) async throws {
        try await swarm.remove(node, through: managers, force: true)
    }

    func setLabels(
        _ node: String, set: [String: String], remove: Set<String>, through managers: [String]
    ) async throws {
        try await swarm.setLabels(node, set: set, remove: remove, through: managers)
    }

    func evacuate(_ node: String, limit: Duration, through managers: [String]) async throws -> [String] {
        try await swarm.evacuate(node, through: managers, limit: limit)
    }

    func setAvailability(_ node: String, _ availability: String, through managers: [String]) async throws {
        try await swarm.setAvailability(node, availability, through: managers)
    }

    func wholeServices(through managers: [String]) async throws -> Set<String> {
        try await swarm.wholeServices(through: managers)
    }

    func awaitWhole(_ services: Set<String>, limit: Duration, through managers: [String]) async throws -> [String] {
        try await swarm.awaitWhole(services, through: managers, limit: limit)
    }

    func verify(_ expected: [ExpectedNode], through managers: [String]) async throws {
        try await swarm.verify(
            expected.map { SwarmMember(name: $0.name, nodeID: $0.node, role: $0.role) }, through: managers)
    }

    func unlockKey(through managers: [String]) async throws -> Redacted<String>? {
        try await swarm.unlockKey(through: managers)
    }

    func unlock(_ engine: String, key: Redacted<String>) async throws -> Bool {
        try await swarm.unlock(engine, key: key)
    }
}
