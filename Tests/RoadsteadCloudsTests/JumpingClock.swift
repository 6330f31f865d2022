import RoadsteadBasics
import Synchronization

/// A clock on which every wait is over at once, having taken its whole time.
final class JumpingClock: WallClock {
    private let moment = Mutex(Instant(millisecondsSinceEpoch: 1_795_348_800_000))

    var now: Instant { moment.withLock { $0 } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        moment.withLock { $0 = $0 + max(duration, .milliseconds(1)) }
        await Task.yield()
    }
}
