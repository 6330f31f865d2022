import Synchronization

/// Those who wait for a count that somebody else makes already: after a write, many tend to ask the same question at once,
/// and each of them would look at every match.
final class CountQueue: Sendable {
    private let queues = Mutex<[CountCache.Question: [CheckedContinuation<Void, Never>]]>([:])

    /// True at once for the first with a question, who counts and must call `leave`; false for the others, when the first
    /// has left.
    func enter(_ question: CountCache.Question) async -> Bool {
        let isFirst = queues.withLock { waiting in
            guard waiting[question] == nil else { return false }
            waiting[question] = []
            return true
        }
        if isFirst { return true }
        await withCheckedContinuation { continuation in
            let isOver = queues.withLock { waiting in
                guard waiting[question] != nil else { return true }
                waiting[question, default: []].append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
        return false
    }

    /// How many wait. For tests; it may be wrong by the time it is read.
    func waiting(_ question: CountCache.Question) -> Int { queues.withLock { $0[question]?.count ?? 0 } }

    func leave(_ question: CountCache.Question) {
        let continuations = queues.withLock { $0.removeValue(forKey: question) } ?? []
        for continuation in continuations { continuation.resume() }
    }
}
