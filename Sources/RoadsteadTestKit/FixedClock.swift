import RoadsteadBasics
import Synchronization

/// A clock that stands still until a test moves it.
public final class FixedClock: WallClock {
    private struct Sleeper {
        let end: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Instant
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
    }

    private let state: Mutex<State>

    /// 2026-11-22T12:00:00Z unless told otherwise.
    public init(_ now: Instant = Instant(millisecondsSinceEpoch: 1_795_348_800_000)) {
        state = Mutex(State(now: now))
    }

    public var now: Instant { state.withLock { $0.now } }

    /// How many tasks wait for this clock.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves the time and wakes everyone whose time has come.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state -> [Sleeper] in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.end <= state.now }
            for key in due.keys { state.sleepers.removeValue(forKey: key) }
            return due.values.sorted { $0.end < $1.end }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    public func sleep(for duration: Duration) async throws {
        let key = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(Sleeper(end: now + duration, continuation: continuation), key: key)
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: key) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func add(_ sleeper: Sleeper, key: Int) {
        enum Fate { case waits, isDue, isCancelled }
        let fate = state.withLock { state -> Fate in
            if Task.isCancelled { return .isCancelled }
            if sleeper.end <= state.now { return .isDue }
            state.sleepers[key] = sleeper
            return .waits
        }
        switch fate {
        case .waits: break
        case .isDue: sleeper.continuation.resume()
        case .isCancelled: sleeper.continuation.resume(throwing: CancellationError())
        }
    }
}
