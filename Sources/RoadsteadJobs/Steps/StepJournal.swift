import RoadsteadBasics
import RoadsteadModel

/// What is known of one step. The step itself is part of it, so that undoing needs nothing but the journal.
public struct StepRecord: Sendable, Hashable {
    public var step: GraphStep
    public var intent: JSONValue
    /// nil: it was begun and never answered.
    public var result: JSONValue?

    public init(_ step: GraphStep, intent: JSONValue, result: JSONValue? = nil) {
        (self.step, self.intent, self.result) = (step, intent, result)
    }
}

/// What happens to a step, in the order in which it does.
public enum StepEvent: Sendable, Hashable {
    /// It is about to ask the outside world. Durable before anything is asked.
    case began(intent: JSONValue)
    /// The outside world answered.
    case done(result: JSONValue)
    /// It failed, and is tried again at most after a pause; its intent stays known.
    case failed(String)
    /// It was taken back, and is as if it had never begun.
    case undone
}

/// How far the steps of one kind are, for people.
public struct StepProgress: Sendable, Hashable {
    /// Of the step's kind.
    public var done: Int
    public var count: Int
    /// Of the whole graph.
    public var allDone: Int
    public var allCount: Int
    /// Whether the graph is being undone.
    public var isUndo: Bool
}

/// Where a `StepGraphRunner` writes down what it does, so that another one goes on from there.
public protocol StepJournal: Sendable {
    /// All steps that were begun and not undone, by name.
    func records() async throws -> [String: StepRecord]

    /// Returns when the event is durable.
    func write(_ event: StepEvent, of step: GraphStep, _ progress: StepProgress) async throws

    /// Asked before each step: throws when the work shall end at this border between steps.
    func passBorder() throws
}
