import DockerAPI
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// In the Swarm, through the engines.
extension ClusterActions {
    func initialize(_ machine: MachineDocument) async throws -> JSONValue {
        let (engine, advertise) = try places(of: machine)
        let specification = site.specification
        let made = try await site.swarm().initialize(
            engine, advertise: advertise, pools: specification.network.pools, autolock: specification.isAutolocked)
        try await note { $0["swarm-id"] = .string(made.swarm) }
        try await keepUnlockKey(engine)
        try await becomeNode(made.node, .manager, machine)
        return ["swarm": .string(made.swarm), "node": .string(made.node)]
    }

    private func keepUnlockKey(_ engine: String) async throws {
        guard site.specification.isAutolocked, let key = try await site.swarm().unlockKey(through: [engine]) else {
            return
        }
        let sealed = try ClusterSecrets.seal(key, ClusterSecrets.autolockKey, of: site.id, by: site.store.sealer)
        try await note { $0[ClusterSecrets.autolockKey] = sealed }
    }

    func join(_ machine: MachineDocument, _ role: MachineRole) async throws -> JSONValue {
        let (engine, advertise) = try places(of: machine)
        let managers = try await site.managers(without: machine.name)
        let node = try await site.swarm().join(engine, advertise: advertise, as: role, through: managers)
        try await becomeNode(node, role, machine)
        return ["node": .string(node)]
    }

    private func places(of machine: MachineDocument) throws(RoadsteadError) -> (engine: String, advertise: String) {
        guard let address = machine.address, let inward = machine.inwardAddress else {
            throw RoadsteadError(.internal, "machine \(machine.name) has no address")
        }
        return (address, inward)
    }

    private func becomeNode(_ node: String, _ role: MachineRole, _ machine: MachineDocument) async throws {
        try await note(machine) { document in
            document["node-id"] = .string(node)
            document["role"] = .string(role.rawValue)
            MachineDocument.become(.running, &document)
        }
    }

    /// Makes it a manager or a worker. One that is no node any more needs neither.
    func change(_ machine: MachineDocument, to role: MachineRole) async throws -> JSONValue {
        if let node = machine.nodeID {
            let (swarm, managers) = (try await site.swarm(), try await site.managers())
            switch role {
            case .manager: try await swarm.promote(node, through: managers)
            case .worker: try await swarm.demote(node, through: managers)
            }
        }
        try await note(machine) { $0["role"] = .string(role.rawValue) }
        return .null
    }

    /// Labels of others are left alone.
    func label(_ machine: MachineDocument) async throws -> JSONValue {
        guard let node = machine.nodeID else {
            throw RoadsteadError(.internal, "machine \(machine.name) is no node yet")
        }
        let desired = site.specification.labels.labels(of: machine.name, machine.role)
        let surplus = machine.ownLabels.subtracting(desired.keys)
        if !desired.isEmpty || !surplus.isEmpty {
            try await site.swarm().setLabels(
                node, set: desired, remove: surplus, through: try await site.managers())
        }
        try await note(machine) { document in
            document["own-labels"] = desired.isEmpty ? .none : JSONValue(desired.keys.sorted())
            let others = (document["labels"]?.objectValue ?? [:]).filter { !surplus.contains($0.key) }
            let all = others.merging(JSONObject(desired.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
            document["labels"] = all.isEmpty ? .none : .object(all)
        }
        return .null
    }

    /// All nodes are ready, managers agree, and the ways between them are open.
    func verify() async throws -> JSONValue {
        let machines = try await site.store.machines(of: site.id).filter { $0.state == .running }
        let expected = machines.compactMap { machine in
            machine.nodeID.map { ExpectedNode(machine.name, $0, machine.role) }
        }
        let managers = try await site.managers()
        try await site.swarm().verify(expected, through: managers)
        try await context.write { [id = site.id] in
            try ClusterRegistration.point(to: managers, of: id, in: $0)
        }
        let places = machines.compactMap { machine in
            machine.inwardAddress.map { NodePlace(machine.name, $0, machine.role) }
        }
        guard places.count > 1, let mtu = try await site.hosts.checkPaths(places) else { return .null }
        return .object(["mtu": JSONValue(mtu), "warnings": JSONValue(Self.warnings(mtu: mtu))])
    }

    /// Overlays take 1450 bytes for granted, in packets of 1500.
    private static func warnings(mtu: Int) -> [String] {
        guard mtu < 1500 else { return [] }
        return [
            "packets between the machines may have \(mtu) bytes at most: give overlay networks the option "
                + "com.docker.network.driver.mtu=\(mtu - 50)"
        ]
    }
}
