import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadTestKit

/// Hosts of the lab that lose power in a test, and come back after it.
extension LabHosts {
    /// Makes a worker a manager, or a manager a worker, and waits until it is.
    ///
    /// The order is given again when it fails: managers that have just become two answer some of them too late.
    func setRole(_ role: String, of host: String, seenFrom manager: String = "h1") async throws {
        try await wait("\(host) is a \(role)", for: .seconds(300)) {
            let node = try await self.node(host, seenFrom: manager)
            if node.spec.role != role {
                var spec = node.spec
                spec.role = role
                try await withEngine(manager) { [spec] in
                    try await $0.updateNode(node.id, version: node.version, spec)
                }
            }
            return role == "manager" ? node.managerStatus?.reachability == "reachable" : node.managerStatus == nil
        }
    }

    /// The node of a host, as a manager sees it.
    func node(_ host: String, seenFrom manager: String = "h1") async throws -> SwarmNode {
        let address = try address(host)
        let nodes = try await withEngine(manager) { try await $0.nodes() }
        guard let node = nodes.first(where: { $0.status?.addr == address || $0.description?.hostname == host }) else {
            throw RoadsteadError(.notFound, "the Swarm knows no node \(host)")
        }
        return node
    }

    /// Waits until what a manager says is as it should be; errors of a Swarm that elects a leader are passed over.
    func wait(
        _ what: String, for limit: Duration = .seconds(120), until holds: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        var last: (any Error)?
        while ContinuousClock.now < end {
            do {
                if try await holds() { return }
                last = nil
            } catch { last = error }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw RoadsteadError(.timeout, "waited \(limit) for: \(what)", cause: last)
    }

    /// Power on, and wait until the Swarm has it back.
    func revive(_ host: String, seenFrom manager: String = "h1") async throws {
        try await command("lab", "start", host)
        try await wait("\(host) ready") { try await node(host, seenFrom: manager).status?.state == "ready" }
    }
}
