import RoadsteadBasics
import Synchronization

/// Why a running job is stopped from outside.
enum JobStop: Sendable { case cancelled, shutdown, leaseLost }

/// The jobs that a runner has at work, and the strings to stop them by.
final class RunningJobs: Sendable {
    private struct Entry {
        let stops: AsyncStream<JobStop>.Continuation
        var reason: JobStop?
    }

    private struct State {
        var entries: [ResourceID: Entry] = [:]
        var watchers: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.entries.count } }
    var ids: [ResourceID] { state.withLock { Array($0.entries.keys) } }

    func contains(_ id: ResourceID) -> Bool { state.withLock { $0.entries[id] != nil } }

    /// Registers the job; the stream brings the reason when it must stop.
    func add(_ id: ResourceID) -> AsyncStream<JobStop> {
        let (stream, continuation) = AsyncStream.makeStream(of: JobStop.self, bufferingPolicy: .bufferingOldest(1))
        state.withLock { $0.entries[id] = Entry(stops: continuation) }
        return stream
    }

    func remove(_ id: ResourceID) {
        let watchers = state.withLock { state in
            state.entries.removeValue(forKey: id)?.stops.finish()
            return state.entries.isEmpty ? state.watchers : []
        }
        for watcher in watchers { watcher.finish() }
    }

    /// The first reason counts.
    func stop(_ id: ResourceID, _ reason: JobStop) {
        state.withLock { state in
            guard var entry = state.entries[id], entry.reason == nil else { return }
            entry.reason = reason
            entry.stops.yield(reason)
            state.entries[id] = entry
        }
    }

    func stopAll(_ reason: JobStop) { for id in ids { stop(id, reason) } }

    func stopReason(_ id: ResourceID) -> JobStop? { state.withLock { $0.entries[id]?.reason } }

    /// Returns when no job is at work, or the task is cancelled.
    func waitUntilEmpty() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let isEmpty = state.withLock { state in
            state.watchers.append(continuation)
            return state.entries.isEmpty
        }
        if isEmpty { return }
        for await _ in stream {}
    }
}
