import RoadsteadBasics
import Synchronization

/// Time that passes only by being slept through, at once.
final class SkippingClock: WallClock {
    private let moment = Mutex(Instant(millisecondsSinceEpoch: 1_795_339_200_000))

    var now: Instant { moment.withLock { $0 } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        moment.withLock { $0 = $0 + duration }
        await Task.yield()
    }
}
