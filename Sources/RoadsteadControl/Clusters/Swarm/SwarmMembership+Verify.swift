import DockerAPI
import RoadsteadBasics
import RoadsteadModel

extension SwarmMembership {
    /// Waits until all of them are ready, and the managers among them reachable.
    ///
    /// Throws `unavailable` after `limit`, with what is wrong with each.
    func verify(
        _ expected: [SwarmMember], through managers: [String], limit: Duration = .seconds(120)
    ) async throws {
        let end = clock.now + limit
        while true {
            let faults = Self.faults(of: expected, in: try await nodes(through: managers))
            if faults.isEmpty { return }
            guard clock.now < end else {
                throw RoadsteadError(
                    .unavailable,
                    "the Swarm is not whole after \(limit.components.seconds) s: \(faults.joined(separator: ", "))")
            }
            try await clock.sleep(for: times.pause)
        }
    }

    /// What is wrong with each, in words; nothing when all is as expected.
    static func faults(of expected: [SwarmMember], in nodes: [SwarmNode]) -> [String] {
        let found = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
        return expected.compactMap { member in
            guard let node = found[member.nodeID] else { return "\(member.name) is no node of it" }
            return fault(of: node, as: member.role).map { "\(member.name) \($0)" }
        }
    }

    private static func fault(of node: SwarmNode, as role: MachineRole) -> String? {
        let state = node.status?.state ?? "unknown"
        if state != "ready" { return "is \(state)" }
        switch (role, node.managerStatus) {
        case (.manager, nil): return "is a worker"
        case (.manager, let status?) where status.reachability != "reachable":
            return "is a manager that the others do not reach"
        case (.worker, _?): return "is a manager"
        default: return nil
        }
    }
}
