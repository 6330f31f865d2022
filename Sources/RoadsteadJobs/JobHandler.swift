import RoadsteadBasics
import RoadsteadStore

/// The body of one kind of job.
///
/// It may be interrupted at any point, even by the end of the process, and is then run again: whatever must not happen
/// twice stands in a journaled step (`JobContext.step`, `recordedStep`) and is idempotent, as the step in which it died runs again.
public protocol JobHandler: Sendable {
    /// The wire name of the jobs that it runs, such as `start_deployment`.
    var action: String { get }

    /// How often a job is tried when it fails in a way that may pass (see `JobFailurePolicy`).
    var maximumAttempts: Int { get }

    /// Does the work. It ends soon when its task is cancelled. An error thrown counts by its code.
    func run(_ context: JobContext) async throws -> JobOutcome

    /// Follows the end of the job up, in the same transaction: for what must be true of the target then, above all when
    /// `run` had no chance to see to it (cancelled while queued, given up). It must do nothing but use the store.
    func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws
}

extension JobHandler {
    public var maximumAttempts: Int { 3 }

    public func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {}
}

/// What a handler found out: the job did what it should, or it ended as a failure that no retry would mend.
public enum JobOutcome: Sendable, Hashable {
    case succeeded(message: String, verdict: JSONValue? = nil)
    case failed(message: String, verdict: JSONValue? = nil, returnCode: Int = 1)
}

/// How a job ended.
public struct JobEnd: Sendable, Hashable {
    /// A final one.
    public let state: JobState
    public let message: String
    public let verdict: JSONValue?
    /// 0 is success.
    public let returnCode: Int
    /// Of the error that ended it; nil when it ended by its own finding.
    public let failureCode: RoadsteadError.Code?

    public init(
        state: JobState, message: String, verdict: JSONValue? = nil, returnCode: Int,
        failureCode: RoadsteadError.Code? = nil
    ) {
        self.failureCode = failureCode
        self.state = state
        self.message = message
        self.verdict = verdict
        self.returnCode = returnCode
    }

    init(_ outcome: JobOutcome) {
        switch outcome {
        case .succeeded(let message, let verdict):
            self.init(state: .success, message: message, verdict: verdict, returnCode: 0)
        case .failed(let message, let verdict, let returnCode):
            self.init(state: .failed, message: message, verdict: verdict, returnCode: max(returnCode, 1))
        }
    }

    static func failed(_ message: String, _ code: RoadsteadError.Code? = nil) -> JobEnd {
        JobEnd(state: .failed, message: message, returnCode: 1, failureCode: code)
    }

    static let cancelled = JobEnd(state: .cancelled, message: "cancelled", returnCode: 1)
}
