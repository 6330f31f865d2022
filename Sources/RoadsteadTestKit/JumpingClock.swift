import RoadsteadBasics
import Synchronization

/// A clock on which every wait is over at once, having taken its whole time.
public final class JumpingClock: WallClock {
    private let moment = Mutex(Instant(millisecondsSinceEpoch: 1_795_348_800_000))

    public init() {}

    public var now: Instant { moment.withLock { $0 } }

    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        moment.withLock { $0 = $0 + max(duration, .milliseconds(1)) }
        await Task.yield()
    }
}
