import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `remove_machine`, `upgrade_machine`, `regenerate_certs_machine`: jobs of the machine's cluster, like its other operations;
/// the payload names the machine.
struct MachineChangeJob: JobHandler {
    let action: String
    let maximumAttempts = 1

    private let change: MachineChange
    private let tools: ClusterTools

    init(_ change: MachineChange, tools: ClusterTools) {
        (self.change, self.tools) = (change, tools)
        action = change.jobAction
    }

    func run(_ context: JobContext) async throws -> JobOutcome {
        let cluster = ClusterDocument(try await context.documents.get(context.target))
        guard let machine = context.payload["machine"]?.stringValue else {
            throw RoadsteadError(.internal, "\(context.id) names no machine")
        }
        let order = MachineChange.Order(change: change, machine: machine)
        let specification = change == .remove ? try cluster.standing() : try cluster.upgraded()
        do {
            return try await ClusterSite.with(
                cluster, specification, tools: tools, store: context.documents, clock: context.clock,
                logger: context.logger
            ) { site in
                try await ClusterRun(
                    context: context, operation: change.operation, cluster: cluster, site: site, change: order
                ).run()
            }
        } catch {
            if error is CancellationError || error is JobInterruption { throw error }
            try Task.checkCancellation()
            throw RoadsteadError.translating(error)
        }
    }

    /// What one machine got is not what all have: the engine that the cluster has is not another one by it.
    func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        guard let cluster = try ClusterSettling.current(job, change.operation, in: transaction) else { return }
        let settled = try transaction.modify(cluster.id) {
            ClusterSettling.settle(&$0, .repair, end, isUntouched: false)
        }
        try transaction.record(ClusterSettling.event(change.operation, job, end, on: settled))
    }
}
