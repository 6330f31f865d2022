import RoadsteadBasics
import RoadsteadModel

/// Runs a `StepGraph` so that it can be ended at any moment and gone on with by another runner on the same journal.
///
/// A step's intent is in the journal before the outside world is asked, and its result when it has answered. What is done
/// is not done again. Of what was begun and never answered `StepActions.recover` finds out whether it was done; so it
/// does before a step that failed is tried again, for an error does not say that nothing happened.
public struct StepGraphRunner: Sendable {
    let graph: StepGraph
    let actions: any StepActions
    let journal: any StepJournal
    let options: StepGraphOptions
    let clock: any WallClock
    let ids: any IDSource

    public init(
        _ graph: StepGraph, actions: any StepActions, journal: any StepJournal,
        options: StepGraphOptions = StepGraphOptions(), clock: any WallClock = SystemClock(),
        ids: any IDSource = SystemIDSource()
    ) {
        (self.graph, self.actions, self.journal, self.options) = (graph, actions, journal, options)
        (self.clock, self.ids) = (clock, ids)
    }

    /// Brings the graph as far as it goes, steps that nothing binds at the same time.
    ///
    /// Failures of steps are part of the outcome. Throws what `StepJournal.passBorder` throws, after the steps that run
    /// have ended; `CancellationError` when the task is cancelled, which cancels them; and what the journal throws, since
    /// nothing may be done that is not written down.
    public func run() async throws -> StepGraphOutcome {
        let records = try await journal.records()
        let done = records.compactMapValues(\.result)
        let run = StepGraphRun(
            StepGraphState(graph, done: Set(done.keys), limit: options.concurrency), results: StepResults(done),
            isUndo: false)
        try await drive(run) { step in try await attempts(at: step, records[step.name], run) }
        return await run.outcome
    }

    /// Takes back all that the journal says was begun, in the reverse order, whether it is in this graph or not. What was
    /// undone counts as never begun, for another `undo` as
    /// for another `run`; a step whose undoing fails keeps those before it.
    ///
    /// Throws as `run` does.
    public func undo() async throws -> StepGraphOutcome {
        let records = try await journal.records()
        let run = StepGraphRun(
            StepGraphState(try begun(records).reversed, limit: options.concurrency), results: StepResults(),
            isUndo: true)
        try await drive(run) { step in
            guard let record = records[step.name] else { return .null }
            try await retrying(step, run) {
                try await actions.undo(step, intent: record.intent, result: record.result)
            }
            return .null
        }
        return await run.outcome
    }

    private func begun(_ records: [String: StepRecord]) throws(RoadsteadError) -> StepGraph {
        // In the graph's order first, so that the reverse of it is what people expect.
        let known = graph.steps.compactMap { records[$0.name]?.step }
        let others = records.values.map(\.step).filter { graph.step(named: $0.name) == nil }
        let steps = (known + others.sorted { $0.name < $1.name }).map { step in
            var step = step
            step.dependencies.formIntersection(records.keys)
            return step
        }
        return try StepGraph(steps, limits: graph.limits)
    }

    /// Begins steps as they become free and waits for them, until nothing more can begin.
    private func drive(
        _ run: StepGraphRun, _ body: @escaping @Sendable (GraphStep) async throws -> JSONValue
    ) async throws {
        do { try await loop(run, body) } catch let failure as JournalFailure { throw failure.error }
    }

    private func loop(
        _ run: StepGraphRun, _ body: @escaping @Sendable (GraphStep) async throws -> JSONValue
    ) async throws {
        try await withThrowingTaskGroup(of: BorderStop?.self) { group in
            var border: (any Error)?
            while true {
                let isHalted = await run.hasFailures && !options.keepsGoing
                if border == nil, !isHalted {
                    do { try journal.passBorder() } catch { border = error }
                    if border == nil {
                        for step in await run.begin() { group.addTask { try await one(step, run, body) } }
                    }
                }
                guard let ended = try await group.next() else { break }
                if let ended { border = ended.error }
            }
            if let border { throw border }
        }
    }

    private func one(
        _ step: GraphStep, _ run: StepGraphRun, _ body: @Sendable (GraphStep) async throws -> JSONValue
    ) async throws -> BorderStop? {
        do {
            let value = try await body(step)
            try await run.finish(step, value, journal)
        } catch let failure as StepFailure {
            try await run.fail(step, failure.error, journal)
        } catch let stop as BorderStop { return stop }
        return nil
    }

    /// Performs a step to its result, over failures that may pass.
    private func attempts(at step: GraphStep, _ record: StepRecord?, _ run: StepGraphRun) async throws -> JSONValue {
        let results = await run.results
        var intent = record?.intent
        return try await retrying(step, run) {
            if let intent {
                try await run.note(.began(intent: intent), step, journal)
                if case .done(let value) = try await actions.recover(step, intent: intent, results) { return value }
                return try await actions.perform(step, intent: intent, results)
            }
            let made = try await actions.intent(of: step, results)
            try await run.note(.began(intent: made), step, journal)
            intent = made
            return try await actions.perform(step, intent: made, results)
        }
    }

    /// Throws `StepFailure` when the step failed for good; anything else ends the run.
    @discardableResult
    private func retrying<Value>(
        _ step: GraphStep, _ run: StepGraphRun, _ body: () async throws -> Value
    ) async throws -> Value {
        var failures = 0
        while true {
            do { return try await body() } catch {
                try Task.checkCancellation()
                if error is JournalFailure || error is CancellationError || error is JobInterruption { throw error }
                failures += 1
                // A quota or a full zone is for people to mend: nobody waits for it within a step.
                guard JobFailurePolicy(error) == .retry, failures < options.kindAttempts[step.kind] ?? options.attempts
                else {
                    throw StepFailure(error: Self.translated(error))
                }
                try await run.note(.failed(JobFailurePolicy.message(error)), step, journal)
            }
            try await clock.sleep(for: options.backoff.delay(failures: failures, random: ids.makeUnitRandom()))
            do { try journal.passBorder() } catch { throw BorderStop(error: error) }
        }
    }

    private static func translated(_ error: any Error) -> RoadsteadError {
        (error as? RoadsteadError) ?? RoadsteadError(.internal, JobFailurePolicy.message(error), cause: error)
    }
}

/// A step waits to be tried again, and the work ends before that.
struct BorderStop: Error {
    let error: any Error
}

/// A step failed for good.
struct StepFailure: Error {
    let error: RoadsteadError
}

/// The journal could not be written: the run must end.
struct JournalFailure: Error {
    let error: any Error
}
