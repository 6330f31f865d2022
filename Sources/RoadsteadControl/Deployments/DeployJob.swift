import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `start_deployment` and `update_deployment`: plans, applies, watches until the verdict, removes what is no longer
/// named, and writes down what the services turned out to be.
///
/// Resumable at any point: `apply` is journaled with what `watch` must know, and when the process dies within it, the
/// plan made anew finds what was done. Payload: `timeout` in seconds for the verdict (600).
public struct DeployJob: JobHandler {
    public let action: String
    /// A verdict is a verdict, and people wait: whoever wants another attempt starts it.
    public let maximumAttempts = 1

    private let operation: DeploymentOperation

    public static let start = DeployJob(.start)
    public static let update = DeployJob(.update)

    private init(_ operation: DeploymentOperation) {
        self.operation = operation
        action = operation.jobAction ?? operation.rawValue
    }

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let deployment = try await context.documents.get(context.target)
        let engine = DeploymentEngine(store: context.documents, clock: context.clock, logger: context.logger)
        return try await engine.withTarget(of: deployment) { target in
            let run = DeploymentRun(context: context, deployment: deployment, target: target, engine: engine)
            return try await run.run()
        }
    }

    public func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        try DeploymentSettling.settle(job, operation, in: transaction) { body in
            body["state"] = .string((end.state == .success ? DeploymentState.started : .error).rawValue)
        }
    }
}

/// One run of a deploy job.
private struct DeploymentRun {
    let context: JobContext
    let deployment: StoredDocument
    let target: DeploymentEngine.Target
    let engine: DeploymentEngine

    func run() async throws -> JobOutcome {
        try await DeploymentFacts(deployment: deployment, context: context).prepare(endpoint: target.endpoint)
        let options = try await engine.options(for: deployment)
        let (applied, prepared) = try await apply(options)
        let verdict = try await watch(applied)
        try await context.show(verdict: verdict.json())
        try await note("facts") {
            try await DeploymentFacts(deployment: deployment, context: context)
                .write(try await target.engine.services(stack: applied.stack))
        }
        guard verdict.outcome == .succeeded else {
            // The registry's own words stand among the warnings: a node says only "No such image".
            let lines = Self.words(verdict) + applied.warnings.map { "warning: \($0)" }
            return .failed(message: lines.joined(separator: "\n"), verdict: verdict.json())
        }
        let warnings = try await applied.warnings + verdict.notes + prune(prepared, options)
        return .succeeded(
            message: ([verdict.message] + warnings.map { "warning: \($0)" }).joined(separator: "\n"),
            verdict: verdict.json())
    }

    private static func words(_ verdict: StackVerdict) -> [String] { verdict.failures.flatMap { $0.lines() } }

    /// nil for the plan when an earlier run of the job applied it.
    private func apply(_ options: StackOptions) async throws -> (AppliedStack, PreparedStack?) {
        if let applied = try await context.recorded("apply").flatMap({ AppliedStack(json: $0) }) {
            return (applied, nil)
        }
        let prepared = try await context.observe("plan") {
            try await context.progress(5, "planning")
            let prepared = try await plan(options)
            try await context.describe("plan", prepared.plan.summary)
            return prepared
        }
        let json = try await context.recordedStep("apply") {
            let total = max(1, prepared.plan.steps.count(where: \.isChange))
            let counter = ProgressCounter()
            return try await target.engine.apply(prepared) { progress in
                let done = await counter.next()
                try? await context.progress(10 + min(done, total) * 20 / total, progress.message)
            }.json()
        }
        guard let applied = AppliedStack(json: json) else {
            throw RoadsteadError(.internal, "the journal of \(context.id) cannot be read")
        }
        return (applied, prepared)
    }

    private func plan(_ options: StackOptions) async throws -> PreparedStack {
        let created = try await context.documents.get(context.id)["created"]?.stringValue
        let moment = created.flatMap { Instant(rfc3339: $0) } ?? context.clock.now
        return try await target.engine.plan(
            try DeploymentStack(deployment: deployment).desired(at: moment), options: options)
    }

    private func watch(_ applied: AppliedStack) async throws -> StackVerdict {
        let seconds = context.payload["timeout"]?.integerValue.map { min(max($0, 1), 86_400) } ?? 600
        return try await context.observe("watch") {
            let verdict = try await target.engine.watch(applied, timeout: .seconds(seconds)) { progress in
                let fraction = if case .watching(_, let fraction) = progress { fraction } else { 0.0 }
                try? await context.progress(30 + Int(fraction * 60), progress.message)
            }
            try await context.describe("watch", verdict.message)
            return verdict
        }
    }

    /// Returns warnings. What cannot be removed now goes with a later deployment.
    private func prune(_ prepared: PreparedStack?, _ options: StackOptions) async throws -> [String] {
        let prepared = if let prepared { prepared } else { try await planWithoutRegistry(options) }
        guard prepared.plan.steps.contains(where: { $0.action == .remove && $0.kind != .service }) else { return [] }
        return try await context.observe("prune") { try await target.engine.prune(prepared) }
    }

    private func planWithoutRegistry(_ options: StackOptions) async throws -> PreparedStack {
        var options = options
        options.resolveImage = .never
        return try await plan(options)
    }

    /// What is only told besides must not fail the deployment.
    private func note(_ name: String, _ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as RoadsteadError {
            try Task.checkCancellation()
            context.logger.warning("left out of a deployment", metadata: ["what": "\(name)", "error": "\(error)"])
        }
    }
}

private actor ProgressCounter {
    private var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}
