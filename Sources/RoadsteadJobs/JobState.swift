/// The states of a job, as on the wire. `SUCCESS`, `FAILED` and `CANCELED` are final.
public enum JobState: String, Sendable, CaseIterable {
    case queued = "QUEUED"
    case running = "RUNNING"
    case success = "SUCCESS"
    case failed = "FAILED"
    case cancelled = "CANCELED"

    public var isFinal: Bool { self == .success || self == .failed || self == .cancelled }
}

/// The states of one step of a job, as in its `steps` attribute.
public enum JobStepState: String, Sendable {
    case running = "RUNNING"
    case success = "SUCCESS"
    case failed = "FAILED"
}
