import Logging
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Gives managers of locked Swarms their key soon after they were started anew, whoever did that: until then they are of no
/// use, and with most of them locked nothing on the Swarm can be changed.
public struct ClusterWatch: Sendable {
    private let context: ControlContext
    private let tools: ClusterTools
    private let pause: Duration

    /// `pause`: between two looks.
    public init(context: ControlContext, tools: ClusterTools, pause: Duration = .seconds(30)) {
        (self.context, self.tools, self.pause) = (context, tools, pause)
    }

    /// Looks again and again until its task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            do { try await look() } catch  where !(error is CancellationError) {
                context.logger.warning("clusters could not be looked at", metadata: ["error": "\(error)"])
            } catch { return }
            do { try await context.clock.sleep(for: pause) } catch { return }
        }
    }

    /// One look at all clusters with a key. One that is being changed is left to the job that does it.
    func look() async throws {
        var query = DocumentQuery(type: ResourceType.cluster.name)
        query.filter = .oneOf("state", [ClusterState.ready, .degraded].map(\.rawValue))
        let clusters = try await context.store.query(query).documents.filter { $0[ClusterSecrets.autolockKey] != nil }
        for cluster in clusters { try await look(at: ClusterDocument(cluster)) }
    }

    private func look(at cluster: ClusterDocument) async throws {
        let logger = context.logger
        do {
            let unlocked = try await ClusterSite.with(
                cluster, try cluster.standing(), tools: tools, store: context.store, clock: context.clock,
                logger: logger
            ) { try await ClusterUnlocking(site: $0).run(waits: false).unlocked }
            guard !unlocked.isEmpty else { return }
            logger.notice(
                "managers were unlocked",
                metadata: ["cluster": "\(cluster.id)", "machines": "\(unlocked.joined(separator: " "))"])
            try await record(unlocked, of: cluster)
        } catch {
            try Task.checkCancellation()
            logger.warning(
                "a cluster could not be looked at", metadata: ["cluster": "\(cluster.id)", "error": "\(error)"])
        }
    }

    private func record(_ unlocked: [String], of cluster: ClusterDocument) async throws {
        var event = EventDraft(
            .state, verb: "unlock", on: cluster.stored.body, type: ResourceType.cluster.name, by: .system)
        event.text =
            "managers of cluster \(cluster.name) were locked and have got their key: "
            + unlocked.joined(separator: ", ")
        try await context.store.write { [event] in _ = try $0.record(event) }
    }
}
