import Synchronization

/// One async lock a key: who holds "a" does not keep anybody from "b". First come, first served.
///
/// A task that waits may be cancelled and then throws `CancellationError` without having had the lock. The lock is not
/// re-entrant: taking a key again within its own `withLock` waits for ever.
public final class KeyedLock<Key: Hashable & Sendable>: Sendable {
    /// Proof that its bearer holds the lock: functions that must run under it demand one. Only `withLock` makes them.
    public struct Proof: ~Copyable {
        public let key: Key

        fileprivate init(key: Key) { self.key = key }
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var next = 0
        /// Present while the key is held; those behind the holder in the order of their coming.
        var waiting: [Key: [Waiter]] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// Whether somebody holds the key now. For tests and reports; it may be wrong by the time it is read.
    public func isHeld(_ key: Key) -> Bool { state.withLock { $0.waiting[key] != nil } }

    /// How many wait for the key behind its holder.
    public func queueLength(_ key: Key) -> Int { state.withLock { $0.waiting[key]?.count ?? 0 } }

    /// Runs `body` while nobody else runs one under the same key.
    public func withLock<Value>(
        _ key: Key, isolation: isolated (any Actor)? = #isolation, _ body: (borrowing Proof) async throws -> Value
    ) async throws -> Value {
        try await acquire(key)
        defer { release(key) }
        return try await body(Proof(key: key))
    }

    private func acquire(_ key: Key) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(key, Waiter(number: number, continuation: continuation))
            }
        } onCancel: {
            leave(key, number)
        }
    }

    private func enter(_ key: Key, _ waiter: Waiter) {
        let result = state.withLock { state -> Result<Void, any Error>? in
            // The mark is set before the cancellation handler runs: either it is seen here, or the handler finds the waiter.
            if Task.isCancelled { return .failure(CancellationError()) }
            guard state.waiting[key] != nil else {
                state.waiting[key] = []
                return .success(())
            }
            state.waiting[key, default: []].append(waiter)
            return nil
        }
        if let result { waiter.continuation.resume(with: result) }
    }

    /// Takes a cancelled waiter out of the queue; one that holds the lock already keeps it.
    private func leave(_ key: Key, _ number: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting[key]?.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting[key]?.remove(at: index)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func release(_ key: Key) {
        let next = state.withLock { state -> Waiter? in
            guard let queue = state.waiting[key], !queue.isEmpty else {
                state.waiting[key] = nil
                return nil
            }
            return state.waiting[key]?.removeFirst()
        }
        next?.continuation.resume()
    }
}
