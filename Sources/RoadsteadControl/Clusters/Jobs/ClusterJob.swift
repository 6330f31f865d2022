import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `create_cluster`, `undo_cluster`, `apply_cluster`, `upgrade_cluster`, `repair_cluster`, `terminate_cluster`: a graph of steps, whose journal
/// belongs to the cluster.
///
/// Resumable at any point. What a failed `create` has done is gone on with by the next one, or taken back by `undo`.
public struct ClusterJob: JobHandler {
    public let action: String
    public let maximumAttempts: Int

    private let operation: ClusterOperation
    private let tools: ClusterTools

    init(_ operation: ClusterOperation, tools: ClusterTools) {
        self.operation = operation
        self.tools = tools
        action = operation.jobAction ?? operation.rawValue
        // Steps are tried again by themselves; whoever wants a making tried again asks for it. What is left costs money.
        maximumAttempts = [.undo, .terminate].contains(operation) ? 3 : 1
    }

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let cluster = ClusterDocument(try await context.documents.get(context.target))
        let specification = try wanted(of: cluster)
        do {
            return try await ClusterSite.with(
                cluster, specification, tools: tools, store: context.documents, clock: context.clock,
                logger: context.logger
            ) { site in
                try await ClusterRun(context: context, operation: operation, cluster: cluster, site: site).run()
            }
        } catch {
            if error is CancellationError || error is JobInterruption { throw error }
            try Task.checkCancellation()
            throw RoadsteadError.translating(error)
        }
    }

    /// A repair brings back what was, and an ending removes what was: an edit since then counts for neither.
    private func wanted(of cluster: ClusterDocument) throws(RoadsteadError) -> ClusterSpecification {
        switch operation {
        case .repair, .terminate: try cluster.standing()
        case .upgrade: try cluster.upgraded()
        default: try cluster.specification()
        }
    }

    public func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        guard let cluster = try ClusterSettling.current(job, operation, in: transaction) else { return }
        let isUntouched = try transaction.machines(of: cluster.id).isEmpty
        let settled = try transaction.modify(cluster.id) { document in
            ClusterSettling.settle(&document, operation, end, isUntouched: isUntouched)
        }
        try transaction.record(ClusterSettling.event(operation, job, end, on: settled))
    }
}

/// The jobs of clusters and machines, for the server's list.
public enum ClusterJobs {
    public static func all(_ tools: ClusterTools) -> [any JobHandler] {
        let operations: [ClusterOperation] = [.create, .undo, .apply, .upgrade, .repair, .terminate]
        return operations.map { ClusterJob($0, tools: tools) }
            + PowerOrder.allCases.map { MachinePowerJob($0, tools: tools) }
            + MachineChange.allCases.map { MachineChangeJob($0, tools: tools) }
    }
}
