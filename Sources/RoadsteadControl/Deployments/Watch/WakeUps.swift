import Synchronization

/// Which stacks are worth a look, collected until somebody looks. Any number of news about one stack are one.
final class WakeUps: Sendable {
    struct Pending: Equatable {
        var all = false
        var stacks: Set<String> = []

        var isEmpty: Bool { !all && stacks.isEmpty }
    }

    private let pending = Mutex(Pending())
    private let continuation: AsyncStream<Void>.Continuation
    /// An element whenever there may be something to take.
    let signals: AsyncStream<Void>

    init() {
        (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func wake(_ stack: String?) {
        pending.withLock { pending in
            if let stack { pending.stacks.insert(stack) } else { pending.all = true }
        }
        continuation.yield()
    }

    func take() -> Pending {
        pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
    }

    func finish() { continuation.finish() }
}
