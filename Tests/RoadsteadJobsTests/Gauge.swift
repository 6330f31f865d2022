import Synchronization

/// Counts who is in a place, and remembers the most.
final class Gauge: Sendable {
    private struct State {
        var now: [String: Int] = [:]
        var most = 0
        var mostOnOneTarget = 0
    }

    private let state = Mutex(State())

    var most: Int { state.withLock { $0.most } }
    var mostOnOneTarget: Int { state.withLock { $0.mostOnOneTarget } }

    func enter(_ target: String) {
        state.withLock { state in
            state.now[target, default: 0] += 1
            state.most = max(state.most, state.now.values.reduce(0, +))
            state.mostOnOneTarget = max(state.mostOnOneTarget, state.now[target] ?? 0)
        }
    }

    func leave(_ target: String) { state.withLock { $0.now[target, default: 0] -= 1 } }
}
