import RoadsteadBasics

/// How an operation of Exoscale's is followed.
public struct ExoscalePace: Sendable, Hashable {
    /// Between two looks: doubles from the first to the cap.
    public var looks: Backoff
    /// After which an operation that is still pending is given up: its outcome is then unknown.
    public var limit: Duration

    public init(
        looks: Backoff = Backoff(base: .milliseconds(500), cap: .seconds(4)), limit: Duration = .seconds(300)
    ) {
        (self.looks, self.limit) = (looks, limit)
    }
}
