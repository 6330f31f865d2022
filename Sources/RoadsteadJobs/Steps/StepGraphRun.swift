import RoadsteadBasics
import RoadsteadModel

/// What the tasks of one run of a graph share.
actor StepGraphRun {
    private var state: StepGraphState
    private(set) var results: StepResults
    private var failures: [String: RoadsteadError] = [:]
    private let isUndo: Bool
    /// Steps of each kind: all, and those that are done.
    private var counts: [String: Int] = [:]
    private var doneCounts: [String: Int] = [:]
    private var doneCount = 0

    init(_ state: StepGraphState, results: StepResults, isUndo: Bool) {
        (self.state, self.results, self.isUndo) = (state, results, isUndo)
        for step in state.graph.steps {
            counts[step.kind, default: 0] += 1
            guard state.done.contains(step.name) else { continue }
            doneCounts[step.kind, default: 0] += 1
            doneCount += 1
        }
    }

    var hasFailures: Bool { !failures.isEmpty }

    var outcome: StepGraphOutcome {
        let ended = state.done.union(failures.keys)
        let skipped = state.graph.steps.map(\.name).filter { !ended.contains($0) }
        return StepGraphOutcome(results: results, failures: failures, skipped: Set(skipped))
    }

    func begin() -> [GraphStep] { state.begin() }

    func note(_ event: StepEvent, _ step: GraphStep, _ journal: any StepJournal) async throws {
        do { try await journal.write(event, of: step, progress(of: step)) } catch {
            throw JournalFailure(error: error)
        }
    }

    /// The result is durable before anything that depends on it begins.
    func finish(_ step: GraphStep, _ value: JSONValue, _ journal: any StepJournal) async throws {
        doneCounts[step.kind, default: 0] += 1
        doneCount += 1
        try await note(isUndo ? .undone : .done(result: value), step, journal)
        results.add(value, of: step.name)
        state.finish(step.name)
    }

    func fail(_ step: GraphStep, _ error: RoadsteadError, _ journal: any StepJournal) async throws {
        failures[step.name] = error
        state.fail(step.name)
        try await note(.failed(error.message), step, journal)
    }

    private func progress(of step: GraphStep) -> StepProgress {
        StepProgress(
            done: doneCounts[step.kind, default: 0], count: counts[step.kind, default: 0], allDone: doneCount,
            allCount: state.graph.steps.count, isUndo: isUndo)
    }
}
