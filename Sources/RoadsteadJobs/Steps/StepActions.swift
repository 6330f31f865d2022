import RoadsteadBasics
import RoadsteadModel

/// What was found about a step that was begun and never answered.
public enum StepRecovery: Sendable, Hashable {
    /// It was done: its result, as `perform` would have returned it.
    case done(JSONValue)
    /// Nothing of it is there, or doing it again does no harm: it runs again with the same intent.
    case runAgain
}

/// What the steps of a graph do: the only part that touches the outside world.
///
/// Intents and results are kept in the journal and are no place for secrets.
public protocol StepActions: Sendable {
    /// What is written down before the outside world is asked, such as the token by which the thing is found again. It asks
    /// nobody and changes nothing.
    func intent(of step: GraphStep, _ results: StepResults) async throws -> JSONValue

    /// Does the step, for the first time or again after `recover` said so, always with its one intent. What it returns,
    /// such as the provider's id, is kept.
    func perform(_ step: GraphStep, intent: JSONValue, _ results: StepResults) async throws -> JSONValue

    /// Looks what became of a step that was begun and never answered: the process ended within it, or `perform` threw.
    func recover(_ step: GraphStep, intent: JSONValue, _ results: StepResults) async throws -> StepRecovery

    /// Takes back what the step did, idempotently. `result` is nil when it was begun and never answered: then it looks by
    /// the intent.
    func undo(_ step: GraphStep, intent: JSONValue, result: JSONValue?) async throws
}

extension StepActions {
    public func intent(of step: GraphStep, _ results: StepResults) async throws -> JSONValue { .null }

    /// For steps that do no harm when they run twice.
    public func recover(
        _ step: GraphStep, intent: JSONValue, _ results: StepResults
    ) async throws -> StepRecovery { .runAgain }

    /// For steps that leave nothing behind.
    public func undo(_ step: GraphStep, intent: JSONValue, result: JSONValue?) async throws {}
}

/// What the steps that are done returned, by their names.
public struct StepResults: Sendable, Hashable {
    public private(set) var values: [String: JSONValue]

    public init(_ values: [String: JSONValue] = [:]) { self.values = values }

    public subscript(step: String) -> JSONValue? { values[step] }

    mutating func add(_ value: JSONValue, of step: String) { values[step] = value }
}
