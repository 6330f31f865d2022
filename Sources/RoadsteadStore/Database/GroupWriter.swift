import GRDB
import RoadsteadBasics
import Synchronization

/// Runs writes one after the other and commits those that wait together with one another.
///
/// With `synchronous = FULL` a commit waits for the disk; sharing it makes many small writes several times cheaper. Each
/// write is a savepoint, so that one that fails takes no other with it. A write that was handed over runs to its end even
/// when the task that asked is cancelled: bookkeeping after a cancellation must not be lost.
final class GroupWriter: Sendable {
    typealias Work = @Sendable (StoreTransaction) throws -> Void

    private struct Pending: Sendable {
        let work: Work
        /// Called once, after the commit or with the reason why there is none.
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Pending] = []
        var isRunning = false
    }

    /// More would make the first one of a batch wait too long.
    private static let batchSize = 64

    private let database: any DatabaseWriter
    private let path: String
    private let clock: any WallClock
    private let ids: any IDSource
    private let counts: CountCache
    private let publish: @Sendable ([DocumentChange]) -> Void
    private let state = Mutex(State())

    init(
        database: any DatabaseWriter, path: String, clock: any WallClock, ids: any IDSource, counts: CountCache,
        publish: @escaping @Sendable ([DocumentChange]) -> Void
    ) {
        self.database = database
        self.path = path
        self.clock = clock
        self.ids = ids
        self.counts = counts
        self.publish = publish
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        let result = ResultBox<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            let pending = Pending(work: { result.set(try body($0)) }) { error in
                continuation.resume(with: error.map { .failure($0) } ?? result.get())
            }
            submit(pending)
        }
    }

    private func submit(_ pending: Pending) {
        let mustStart = state.withLock { state in
            state.waiting.append(pending)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart else { return }
        database.asyncWriteWithoutTransaction { database in
            while let batch = self.takeBatch() { self.run(batch, in: database) }
        }
    }

    private func takeBatch() -> [Pending]? {
        state.withLock { state in
            state.isRunning = !state.waiting.isEmpty
            guard state.isRunning else { return nil }
            defer { state.waiting.removeFirst(min(Self.batchSize, state.waiting.count)) }
            return Array(state.waiting.prefix(Self.batchSize))
        }
    }

    private func run(_ batch: [Pending], in database: Database) {
        var errors: [(any Error)?] = batch.map { _ in nil }
        var changes: [DocumentChange] = []
        var types: Set<String> = []
        do {
            try database.inTransaction(.immediate) {
                for (index, pending) in batch.enumerated() {
                    do {
                        changes += try run(pending, in: database, alone: batch.count == 1)
                    } catch {
                        errors[index] = error
                        // SQLite gives up the whole transaction on its own when the disk is full.
                        guard database.isInsideTransaction, batch.count > 1 else { throw error }
                    }
                }
                types = Set(changes.map(\.id.type))
                counts.willCommit(types)
                return .commit
            }
        } catch {
            counts.didCommit(types)
            guard batch.count == 1 else { return batch.forEach { run([$0], in: database) } }
            return batch[0].finish(StoreFailure.translate(error, path: path))
        }
        counts.didCommit(types)
        publish(changes)
        for (pending, error) in zip(batch, errors) {
            pending.finish(error.map { StoreFailure.translate($0, path: path) })
        }
    }

    private func run(_ pending: Pending, in database: Database, alone: Bool) throws -> [DocumentChange] {
        let transaction = StoreTransaction(database: database, now: clock.now, ids: ids)
        if alone {
            try pending.work(transaction)
        } else {
            try database.inSavepoint {
                try pending.work(transaction)
                return .commit
            }
        }
        return transaction.changes
    }
}

/// Carries a value from the writer's queue to the task that waits for it.
private final class ResultBox<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func set(_ value: Value) { self.value.withLock { $0 = value } }

    func get() -> Result<Value, any Error> {
        guard let value = value.withLock({ $0 }) else {
            return .failure(RoadsteadError(.internal, "a write of the store ended without a result"))
        }
        return .success(value)
    }
}
