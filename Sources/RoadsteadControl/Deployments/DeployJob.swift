import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `start_deployment`, `update_deployment`, and ours `rollback_deployment`, `scale_deployment`, `restart_deployment`: plans,
/// applies, watches until the verdict, records the revision, removes what is no longer named, and writes down what the
/// services turned out to be.
///
/// Resumable at any point: `apply` is journaled with what `watch` must know, and when the process dies within it, the
/// plan made anew finds what was done. Payload: `timeout` in seconds for the verdict (600), and what the operation names.
public struct DeployJob: JobHandler {
    public let action: String
    /// A verdict is a verdict, and people wait: whoever wants another attempt starts it.
    public let maximumAttempts = 1

    private let operation: DeploymentOperation

    public static let start = DeployJob(.start)
    public static let update = DeployJob(.update)
    public static let rollback = DeployJob(.rollback)
    public static let scale = DeployJob(.scale)
    public static let restart = DeployJob(.restart)

    private init(_ operation: DeploymentOperation) {
        self.operation = operation
        action = operation.jobAction ?? operation.rawValue
    }

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let deployment = try await context.documents.get(context.target)
        let engine = DeploymentEngine(store: context.documents, clock: context.clock, logger: context.logger)
        return try await engine.withTarget(of: deployment) { target in
            let run = DeploymentRun(
                context: context, operation: operation, deployment: deployment, target: target, engine: engine)
            return try await run.run()
        }
    }

    public func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        guard let deployment = try DeploymentSettling.current(job, operation, in: transaction) else { return }
        let isTouched = try transaction.journaled(DeploymentRun.kept, of: job.id) != nil
        let settled = try transaction.modify(deployment.id) { body in
            switch end.state {
            case .success: succeed(&body, at: transaction.now)
            default: fail(&body, end, wasStarted: DeploymentSettling.wasStarted(job), isTouched: isTouched)
            }
        }
        try transaction.record(DeploymentSettling.event(operation.rawValue, job, end, on: settled))
    }

    private func succeed(_ body: inout JSONObject, at moment: Instant) {
        body["state"] = .string(DeploymentState.started.rawValue)
        body["reason"] = nil
        body["failed-operation"] = nil
        body["health"] = "healthy"
        body["health-since"] = .string(moment.description)
    }

    /// What was up and has not been touched is as it was: the job alone says that it failed. Otherwise the live watch finds
    /// out how what is on the Swarm does.
    private func fail(_ body: inout JSONObject, _ end: JobEnd, wasStarted: Bool, isTouched: Bool) {
        guard isTouched || !wasStarted else {
            body["state"] = .string(DeploymentState.started.rawValue)
            return
        }
        body["state"] = .string(DeploymentState.error.rawValue)
        body["reason"] = .string(DeploymentHealth.cut(end.message))
        guard isTouched else { return }
        body["health"] = nil
        body["health-since"] = nil
        // Numbers and restarts go by the last revision, and so can another of them.
        if ![.scale, .restart].contains(operation) { body["failed-operation"] = .string(operation.rawValue) }
    }
}
