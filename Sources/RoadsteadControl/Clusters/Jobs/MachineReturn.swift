import DockerAPI
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// Waits until a machine that was started anew is up, and its node with it.
struct MachineReturn: Sendable {
    let site: ClusterSite
    let machine: MachineDocument
    /// Of the start before; nil where the driver has told that this is another one.
    let before: String?

    /// For a node to be seen as ready: an engine starts in seconds, a manager catches up after that.
    private static let nodeLimit = Duration.seconds(120)

    private var patience: CloudPatience { site.tools.patience }

    /// Returns what people should know: a node that is not back in time fails nobody who asked for a machine.
    ///
    /// Throws `unavailable` or `timeout` when the machine is not up within the patience.
    func wait() async throws -> [String] {
        try await waitForSystem()
        guard machine.nodeID != nil else { return [] }
        var notes: [String] = []
        let end = patience.clock.now + Self.nodeLimit
        while true {
            let unlocking = try await ClusterUnlocking(site: site).run(waits: false)
            notes += unlocking.warnings.filter { !notes.contains($0) }
            // An engine that is not there yet may be locked when it is, while the Swarm has not even missed it.
            if !unlocking.silent.contains(machine.name), await isReady() { return notes }
            guard patience.clock.now < end else {
                return notes + ["its node is not ready yet; see `roadstead machine status \(machine.name)`"]
            }
            try await patience.clock.sleep(for: patience.poll)
        }
    }

    private func waitForSystem() async throws {
        let end = patience.clock.now + patience.limit
        while true {
            do {
                _ = try await site.hosts.arrive(machine.name, isFresh: false)
                // It may go down between the two.
                guard let before, try await site.hosts.bootID(machine.name) == before else { return }
                guard patience.clock.now < end else {
                    throw RoadsteadError(.timeout, "\(machine.name) has not gone down for its restart")
                }
            } catch let error as RoadsteadError where error.code == .unavailable && patience.clock.now < end {}
            try await patience.clock.sleep(for: patience.poll)
        }
    }

    private func isReady() async -> Bool {
        guard let managers = try? await site.managers(),
            let nodes = try? await site.swarm().nodes(through: managers),
            let node = nodes.first(where: { $0.id == machine.nodeID })
        else { return false }
        return node.status?.state == "ready" && (node.managerStatus?.reachability ?? "reachable") == "reachable"
    }
}
