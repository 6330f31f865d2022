import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// One run of a deploy job.
struct DeploymentRun {
    let context: JobContext
    let operation: DeploymentOperation
    let deployment: StoredDocument
    let target: DeploymentEngine.Target
    let engine: DeploymentEngine

    private var source: DesiredSource {
        DesiredSource(context: context, operation: operation, deployment: deployment, engine: engine)
    }

    func run() async throws -> JobOutcome {
        try await DeploymentFacts(deployment: deployment, context: context).prepare(endpoint: target.endpoint)
        var options = choices.apply(to: try await engine.options(for: deployment))
        let last = try await engine.lastRevision(of: deployment)
        (options.last, options.lastLogins) = (last?.stack, last?.logins)
        let deadline = context.clock.now + choices.timeout
        let (applied, prepared) = try await apply(options, until: deadline)
        let verdict = try await watch(applied, until: deadline)
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
        try await record(verdict)
        let warnings = try await applied.warnings + verdict.notes + prune(prepared, options)
        return .succeeded(
            message: ([verdict.message] + warnings.map { "warning: \($0)" }).joined(separator: "\n"),
            verdict: verdict.json())
    }

    private static func words(_ verdict: StackVerdict) -> [String] { verdict.failures.flatMap { $0.lines() } }

    // MARK: - Apply

    /// nil for the plan when an earlier run of the job applied it.
    private func apply(
        _ options: StackOptions, until deadline: Instant
    ) async throws -> (AppliedStack, PreparedStack?) {
        if let applied = try await context.recorded("apply").flatMap({ AppliedStack(json: $0) }) {
            return (applied, nil)
        }
        let prepared = try await context.observe("plan") {
            try await context.progress(5, "planning")
            let prepared = try await planPatiently(options)
            // A run that is resumed plans what is left.
            if try await context.recorded(Self.kept) == nil {
                try choices.check(
                    prepared.plan.identifier(ignoring: [deployment.id.identifier]), of: deployment.id)
            }
            try await context.describe("plan", prepared.plan.summary)
            return prepared
        }
        try await keep(prepared)
        let json = try await context.recordedStep("apply") {
            try await applyPatiently(prepared, options, until: deadline).json()
        }
        guard let applied = AppliedStack(json: json) else {
            throw RoadsteadError(.internal, "the journal of \(context.id) cannot be read")
        }
        return (applied, prepared)
    }

    /// How long a Swarm that answers no more is borne in the middle of an apply: one that lost its leader has another
    /// within half a minute.
    private static let patience = Duration.seconds(90)

    /// Only an election is waited for, of which the engine speaks: one that does not answer at all may be the wrong one.
    private func planPatiently(_ options: StackOptions) async throws -> PreparedStack {
        let end = context.clock.now + Self.patience
        while true {
            do { return try await plan(options) } catch let error as RoadsteadError
                where error.isSwarmWithoutLeader && context.clock.now < end
            {
                try await context.progress(5, "the Swarm has no leader now, trying on: \(error.message)")
                try await context.clock.sleep(for: .seconds(1))
            }
        }
    }

    /// A plan made anew finds what was done before the Swarm fell silent.
    private func applyPatiently(
        _ prepared: PreparedStack, _ options: StackOptions, until deadline: Instant
    ) async throws -> AppliedStack {
        let end = context.clock.now + Self.patience
        var prepared: PreparedStack? = prepared
        while true {
            do {
                if var prepared {
                    prepared.options.timeout = rest(until: deadline)
                    return try await apply(prepared)
                }
                let fresh = try await plan(options)
                try await keep(fresh)
                prepared = fresh
            } catch let error as RoadsteadError where error.code == .unavailable && context.clock.now < end {
                prepared = nil
                try await context.progress(10, "the engine does not answer, trying on: \(error.message)")
                try await context.clock.sleep(for: .seconds(1))
            }
        }
    }

    private func apply(_ prepared: PreparedStack) async throws -> AppliedStack {
        let total = max(1, prepared.plan.steps.count(where: \.isChange))
        let counter = ProgressCounter()
        return try await target.engine.apply(prepared) { progress in
            let done = await counter.next()
            try? await context.progress(10 + min(done, total) * 20 / total, progress.message)
        }
    }

    private func plan(_ options: StackOptions) async throws -> PreparedStack {
        var prepared = try await target.engine.plan(try await source.desired(), options: options)
        prepared.plan.warnings += try await requirements(target.client)
        return prepared
    }

    private func requirements(_ client: EngineClient) async throws -> [String] {
        try await MinimumRequirements(deployment["module"]?["content"]).warnings(client)
    }

    private var choices: DeploymentChoices { DeploymentChoices(context.payload.objectValue ?? [:]) }

    /// One budget for all: what dependencies were waited for is not there for the verdict any more. Never nothing: who was in time to the last second gets a look at what became of it.
    private func rest(until deadline: Instant) -> Duration { max(deadline - context.clock.now, .seconds(1)) }

    private func watch(_ applied: AppliedStack, until deadline: Instant) async throws -> StackVerdict {
        try await context.observe("watch") {
            let verdict = try await target.engine.watch(applied, timeout: rest(until: deadline)) { progress in
                let fraction = if case .watching(_, let fraction) = progress { fraction } else { 0.0 }
                try? await context.progress(30 + Int(fraction * 60), progress.message)
            }
            try await context.describe("watch", verdict.message)
            return verdict
        }
    }

    // MARK: - Revision

    /// Once it is journaled, something may have been touched.
    static let kept = "keep"

    /// What will be the revision is kept, sealed, before anything is touched: a run that is resumed cannot tell it any
    /// more from the Swarm, which gives no secret back.
    private func keep(_ prepared: PreparedStack) async throws {
        let id = RevisionDraft.id(of: context.id)
        var content = RevisionContent(
            stack: StackRevision(prepared.desired), deployment: try await source.documented(),
            apiSecret: try engine.stack(of: deployment).apiSecret)
        content.logins = prepared.options.loginMarks
        let sealed = try content.sealed(by: context.documents.sealer, as: id)
        // Journaled anew at every plan: the last one counts.
        let (job, target) = (context.id, deployment.id)
        let services = JSONValue(prepared.desired.services.map(\.key).sorted())
        try await context.write { transaction in
            try transaction.journal(.string(sealed), step: Self.kept, of: job)
            // From now on something of a first start may be on the Swarm.
            guard try transaction.get(target)["services"] == nil else { return }
            try transaction.modify(target) { $0["services"] = services }
        }
    }

    /// The revision, and what the deployment says about it, in one transaction.
    private func record(_ verdict: StackVerdict) async throws {
        guard let text = try await context.recorded(Self.kept)?.stringValue else { return }
        let sealer = context.documents.sealer
        let id = RevisionDraft.id(of: context.id)
        let author = try await context.documents.get(context.id)["created-by"]?.stringValue
        let draft = RevisionDraft(
            id: id, deployment: deployment, operation: operation.rawValue, job: context.id, author: author,
            content: try RevisionContent(sealed: text, of: id, sealer: sealer), restored: try await source.restored())
        let document = try draft.document(outcome: "succeeded", sealer: sealer)
        let services = JSONValue(draft.services)
        let module = operation == .rollback ? try restored(draft.content.module, sealer) : nil
        try await context.write { transaction in
            let current = try transaction.get(draft.deployment.id)
            let number = try DeploymentHistory(deployment: current).add(document, in: transaction)
            try transaction.modify(current.id) { body in
                body["revision"] = .integer(number)
                body["services"] = services
                if let module { body["module"] = .object(module) }
            }
        }
    }

    /// A revision of an older server has the secret files in clear, under its own seal.
    private func restored(_ module: JSONObject, _ sealer: Sealer) throws -> JSONObject {
        guard let content = module["content"]?.objectValue else { return module }
        return module.merging(["content": .object(try SecretFiles.sealing(content, sealer: sealer))])
    }

    // MARK: - Prune

    /// Returns warnings. What cannot be removed now goes with a later deployment.
    private func prune(_ prepared: PreparedStack?, _ options: StackOptions) async throws -> [String] {
        do { return try await removeLeftovers(prepared, options) } catch let error as RoadsteadError {
            // What was deployed is good, and recorded.
            try Task.checkCancellation()
            return ["what former deployments left is not removed, and goes with a later one: \(error.message)"]
        }
    }

    private func removeLeftovers(_ prepared: PreparedStack?, _ options: StackOptions) async throws -> [String] {
        let prepared = if let prepared { prepared } else { try await planWithoutRegistry(options) }
        guard prepared.plan.steps.contains(where: { $0.action == .remove && $0.kind != .service }) else { return [] }
        return try await context.observe("prune") { try await target.engine.prune(prepared) }
    }

    private func planWithoutRegistry(_ options: StackOptions) async throws -> PreparedStack {
        var options = options
        options.resolveImage = .never
        // All of it has been done.
        options.recreate = []
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
