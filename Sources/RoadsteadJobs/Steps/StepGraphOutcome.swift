import RoadsteadBasics

/// What became of a run of a step graph.
public struct StepGraphOutcome: Sendable {
    public let results: StepResults
    /// Steps that failed for good, with why.
    public let failures: [String: RoadsteadError]
    /// Steps that were not begun, since one before them failed.
    public let skipped: Set<String>

    public var isComplete: Bool { failures.isEmpty && skipped.isEmpty }

    /// Throws when the graph is not done to its end: one error of all failures, one a line, under the code of one that
    /// may pass when there is one, so that the job is tried again.
    public func requireComplete() throws(RoadsteadError) {
        guard !isComplete else { return }
        let sorted = failures.sorted { $0.key < $1.key }
        let passing = sorted.first { JobFailurePolicy($0.value.code) != .fail }
        let lines = sorted.map { "\($0.key): \($0.value.message)" }
        throw RoadsteadError(
            (passing ?? sorted.first)?.value.code ?? .internal, lines.joined(separator: "\n"),
            context: (passing ?? sorted.first)?.value.context ?? [:])
    }
}
