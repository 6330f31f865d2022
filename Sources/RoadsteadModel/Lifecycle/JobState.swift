/// Where a job is in its life. Raw values are the wire's (`CANCELED` with one L).
public enum JobState: String, Sendable, Hashable, CaseIterable {
    case queued = "QUEUED"
    case running = "RUNNING"
    case success = "SUCCESS"
    case failed = "FAILED"
    case canceled = "CANCELED"

    /// Nothing changes a job in such a state any more.
    public var isFinal: Bool { [.success, .failed, .canceled].contains(self) }
}
