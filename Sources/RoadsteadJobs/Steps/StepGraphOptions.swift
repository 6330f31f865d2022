import RoadsteadBasics

/// How a `StepGraphRunner` works.
public struct StepGraphOptions: Sendable {
    /// Steps of all kinds at the same time.
    public var concurrency = 64
    /// How often a step is tried when it fails in a way that may pass (see `JobFailurePolicy`).
    public var attempts = 5
    /// The same for some kinds of steps: those that are patient by themselves.
    public var kindAttempts: [String: Int] = [:]
    /// The pause before another attempt.
    public var backoff = Backoff(base: .seconds(1), cap: .seconds(60))
    /// Whether steps that do not depend on a failed one are begun all the same.
    public var keepsGoing = true

    public init() {}
}
