import RoadsteadBasics
import Synchronization

/// Hands committed changes to everyone in this process who listens. It never waits for a slow listener: each has a
/// bounded buffer that keeps the newest changes.
final class ChangeHub: Sendable {
    private struct Listener {
        let isWanted: @Sendable (ResourceID) -> Bool
        let continuation: AsyncStream<DocumentChange>.Continuation
    }

    private struct State {
        var next = 0
        var listeners: [Int: Listener] = [:]
        var isFinished = false
        var observers: [@Sendable ([DocumentChange]) -> Void] = []
    }

    private let state = Mutex(State())

    func stream(
        buffer: Int, where isWanted: @escaping @Sendable (ResourceID) -> Bool
    ) -> AsyncStream<DocumentChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DocumentChange.self, bufferingPolicy: .bufferingNewest(buffer))
        let key = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.listeners[state.next] = Listener(isWanted: isWanted, continuation: continuation)
            return state.next
        }
        guard let key else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: key) }
        }
        return stream
    }

    func observe(_ body: @escaping @Sendable ([DocumentChange]) -> Void) {
        state.withLock { $0.observers.append(body) }
    }

    func publish(_ changes: [DocumentChange]) {
        guard !changes.isEmpty else { return }
        let (listeners, observers) = state.withLock { (Array($0.listeners.values), $0.observers) }
        for observer in observers { observer(changes) }
        for listener in listeners {
            for change in changes where listener.isWanted(change.id) { listener.continuation.yield(change) }
        }
    }

    /// Ends every stream, those asked for later included.
    func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            defer { (state.listeners, state.observers) = ([:], []) }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.continuation.finish() }
    }
}
