import Logging
import RoadsteadBasics
import RoadsteadStore
import Synchronization

/// Thrown by the steps of a `JobContext` when the server stops: the job stays as it is and is resumed later. Let it pass.
public struct JobInterruption: Error, Sendable, Hashable {}

/// What a job's body is given to work with.
public struct JobContext: Sendable {
    public let id: ResourceID
    public let action: String
    public let target: ResourceID
    /// `.null` when the job has none.
    public let payload: JSONValue
    /// 1 at the first attempt; interruptions do not count.
    public let attempt: Int
    /// An earlier run of this attempt was interrupted: steps may be in the journal.
    public let isResumed: Bool
    /// Whether no attempt follows when this one fails.
    public let isLastAttempt: Bool
    public let documents: DocumentStore
    public let clock: any WallClock
    public let logger: Logger

    let owner: String
    let gate: JobGate

    /// Throws `CancellationError` when the job was cancelled or the server stops.
    public func checkCancelled() throws { try Task.checkCancellation() }

    /// Shows how far the job is, 0 to 99, and what it does.
    public func progress(_ percent: Int, _ message: String? = nil) async throws {
        try await edit { try $0.progress(percent, message: message, at: $1) }
    }

    /// Shows what was found out so far, or in the end, as the job's `verdict`.
    public func show(verdict: JSONValue) async throws {
        try await edit { machine, _ in try machine.set(verdict: verdict) }
    }

    /// A transaction that happens only while this runner holds the job and nobody cancelled it.
    ///
    /// Throws `CancellationError` otherwise: another runner may be at work on the target already.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        let (id, owner) = (id, owner)
        return try await documents.write { transaction in
            guard try transaction.holdsLease(on: id, owner: owner),
                let job = try transaction.find(id), !JobStateMachine(body: job.body).state.isFinal
            else { throw CancellationError() }
            return try body(transaction)
        }
    }

    func edit(_ edit: @escaping @Sendable (inout JobStateMachine, Instant) throws -> Void) async throws {
        let id = id
        try await write { transaction in
            _ = try transaction.editJob(id) { try edit(&$0, transaction.now) }
        }
    }
}

// MARK: - Steps

extension JobContext {
    /// Runs `body` once in the life of the job, and tells people about it: what it returned is kept in the journal and is
    /// returned again, without running `body`, when the job is resumed or tried again.
    ///
    /// A step that was interrupted or failed runs again. The value is not a place for secrets. Throws `JobInterruption`
    /// before `body` when the server stops, and what `body` throws.
    @discardableResult
    public func recordedStep(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> JSONValue
    ) async throws -> JSONValue {
        if let value = try await recorded(name) { return value }
        return try await observed(name) {
            let value = try await body()
            let id = id
            try await write { transaction in
                try transaction.journal(value, step: name, of: id)
                _ = try transaction.editJob(id) { try $0.endStep(name, .success, message: nil, at: transaction.now) }
            }
            return value
        }
    }

    /// The same for a step without a value.
    public func step(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void
    ) async throws {
        try await recordedStep(name) {
            try await body()
            return .null
        }
    }

    /// Runs `body` at every run of the job, shown as a step but not kept: for what only looks, such as waiting for a
    /// deployment to settle.
    public func observe<Value>(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> sending Value
    ) async throws -> sending Value {
        try await observed(name) {
            let value = try await body()
            try await edit { try $0.endStep(name, .success, message: nil, at: $1) }
            return value
        }
    }

    /// Tells more about the step that runs.
    public func describe(_ step: String, _ message: String) async throws {
        try await edit { machine, _ in try machine.describeStep(step, message) }
    }

    /// What the finished step returned; nil when it was not finished.
    public func recorded(_ step: String) async throws -> JSONValue? {
        let id = id
        return try await documents.write { try $0.journaled(step, of: id) }
    }

    private func observed<Value>(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> sending Value
    ) async throws -> sending Value {
        try Task.checkCancellation()
        try gate.pass()
        try await edit { try $0.beginStep(name, at: $1) }
        do { return try await body() } catch {
            await note(error, of: name)
            throw error
        }
    }

    private func note(_ error: any Error, of step: String) async {
        if error is CancellationError || error is JobInterruption || Task.isCancelled { return }
        let message = JobFailurePolicy.message(error)
        do {
            try await edit { try $0.endStep(step, .failed, message: message, at: $1) }
        } catch {
            logger.debug("step not noted as failed", metadata: ["step": "\(step)", "error": "\(error)"])
        }
    }
}

/// Closed when the server stops: no job begins another step.
final class JobGate: Sendable {
    private let isClosed = Mutex(false)

    var isStopping: Bool { isClosed.withLock { $0 } }

    func close() { isClosed.withLock { $0 = true } }

    func pass() throws { if isStopping { throw JobInterruption() } }
}
