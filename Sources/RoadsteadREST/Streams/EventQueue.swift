import Synchronization

/// Lines on their way to one reader: those who write wait while it is full, so that a slow reader slows its sources down
/// and nothing is lost.
final class EventQueue: Sendable {
    private static let capacity = 64

    private struct State {
        var lines: [String] = []
        var isEnded = false
        var reader: CheckedContinuation<String?, Never>?
        var writers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Throws `CancellationError` when nobody reads any more.
    func put(_ line: String) async throws {
        try Task.checkCancellation()
        await withCheckedContinuation { continuation in
            let free = state.withLock { state -> (CheckedContinuation<String?, Never>?, Bool) in
                if let reader = state.reader {
                    state.reader = nil
                    return (reader, true)
                }
                if state.isEnded { return (nil, true) }
                state.lines.append(line)
                guard state.lines.count >= Self.capacity else { return (nil, true) }
                state.writers.append(continuation)
                return (nil, false)
            }
            free.0?.resume(returning: line)
            if free.1 { continuation.resume() }
        }
        if state.withLock({ $0.isEnded }) { throw CancellationError() }
    }

    /// nil at the end.
    func next() async -> String? {
        await withCheckedContinuation { continuation in
            let (line, isWaiting, writers) = state.withLock {
                state -> (String?, Bool, [CheckedContinuation<Void, Never>]) in
                guard !state.lines.isEmpty else {
                    if state.isEnded { return (nil, false, []) }
                    state.reader = continuation
                    return (nil, true, [])
                }
                let line = state.lines.removeFirst()
                guard state.lines.count <= Self.capacity / 2 else { return (line, false, []) }
                defer { state.writers = [] }
                return (line, false, state.writers)
            }
            for writer in writers { writer.resume() }
            if !isWaiting { continuation.resume(returning: line) }
        }
    }

    /// What is in it can still be read.
    func end() {
        let (reader, writers) = state.withLock { state in
            state.isEnded = true
            defer { (state.reader, state.writers) = (nil, []) }
            return (state.reader, state.writers)
        }
        reader?.resume(returning: nil)
        for writer in writers { writer.resume() }
    }
}
