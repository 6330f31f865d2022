import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import Synchronization

/// Sessions that were looked up before, so that a request need not read and parse its session again.
///
/// It is exact: the store tells of every change before the write that made it returns, and what was read before a change
/// is not kept after it.
final class SessionCache: Sendable {
    struct Entry: Sendable {
        let tokenHash: String
        let expiry: Instant
        let requester: Requester
    }

    /// Stands for the moment before a read.
    struct Ticket: Sendable { fileprivate let generation: UInt64 }

    private struct State {
        var generation: UInt64 = 0
        var entries: [String: Entry] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(store: DocumentStore, capacity: Int = 10_000) {
        self.capacity = capacity
        store.observe { [weak self] changes in self?.forget(changes) }
    }

    func find(_ identifier: String) -> Entry? { state.withLock { $0.entries[identifier] } }

    /// To be taken before the session is read.
    func ticket() -> Ticket { Ticket(generation: state.withLock { $0.generation }) }

    /// Kept unless some session has changed since the ticket was taken. A full cache starts anew.
    func remember(_ identifier: String, _ entry: Entry, _ ticket: Ticket) {
        state.withLock { state in
            guard state.generation == ticket.generation else { return }
            if state.entries.count >= capacity { state.entries = [:] }
            state.entries[identifier] = entry
        }
    }

    private func forget(_ changes: [DocumentChange]) {
        let sessions = changes.filter { $0.id.type == "session" }
        guard !sessions.isEmpty else { return }
        state.withLock { state in
            state.generation += 1
            for change in sessions { state.entries[change.id.identifier] = nil }
        }
    }
}
