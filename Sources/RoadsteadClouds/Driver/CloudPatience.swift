import RoadsteadBasics

/// How long and how often a cloud is asked again.
public struct CloudPatience: Sendable {
    /// Between two looks at something that is on its way.
    public var poll: Duration
    /// Between two attempts after a failure that may pass; a longer `retryAfter` of the cloud's wins.
    public var backoff: Backoff
    /// Of the whole, waiting for machines to boot included.
    public var limit: Duration
    public var clock: any WallClock
    public var ids: any IDSource

    public init(
        poll: Duration = .seconds(3), backoff: Backoff = Backoff(base: .seconds(2), cap: .seconds(30)),
        limit: Duration = .seconds(600), clock: any WallClock = SystemClock(), ids: any IDSource = SystemIDSource()
    ) {
        (self.poll, self.backoff, self.limit) = (poll, backoff, limit)
        (self.clock, self.ids) = (clock, ids)
    }
}

/// One thing that is tried again and again within a patience: how often it failed, and until when it goes on.
struct CloudAttempts {
    private let patience: CloudPatience
    private let end: Instant
    private var failures = 0
    private var last: CloudError?

    init(_ patience: CloudPatience) { (self.patience, end) = (patience, patience.clock.now + patience.limit) }

    /// Waits before the next look, after one that went well. Throws `outcomeUnknown` with `what` at the limit.
    mutating func wait(for what: String) async throws(CloudError) {
        (failures, last) = (0, nil)
        try await sleep(patience.poll, what)
    }

    /// Waits before the next attempt, or throws the error when it is of no use to try again.
    mutating func failed(_ error: CloudError) async throws(CloudError) {
        guard error.mayPass else { throw error }
        (failures, last) = (failures + 1, error)
        let delay = patience.backoff.delay(failures: failures, random: patience.ids.makeUnitRandom())
        try await sleep(max(delay, error.retryAfter ?? .zero), error.message)
    }

    private func sleep(_ time: Duration, _ what: String) async throws(CloudError) {
        guard patience.clock.now + time < end else {
            throw last
                ?? CloudError(
                    .outcomeUnknown, "after \(patience.limit.wholeMilliseconds / 1000) s still waiting for \(what)")
        }
        do { try await patience.clock.sleep(for: time) } catch {
            throw CloudError(.cancelled, "the wait was cancelled")
        }
    }
}
