import RoadsteadBasics

/// What an error that a job throws means for its future.
public enum JobFailurePolicy: Sendable, Hashable {
    /// It may pass: again after a growing, jittered pause.
    case retry
    /// It passes slowly, if at all (a quota, a rate limit): again after a long pause.
    case park
    /// Trying again would give the same: the end.
    case fail

    public init(_ code: RoadsteadError.Code) {
        self =
            switch code {
            case .unavailable, .timeout, .conflict: .retry
            case .limitExceeded: .park
            case .invalidInput, .unauthenticated, .forbidden, .notFound, .invalidState, .cancelled, .unsupported,
                .internal:
                .fail
            }
    }

    /// Errors of unknown kind are defects: they fail.
    init(_ error: any Error) { self = (error as? RoadsteadError).map { Self($0.code) } ?? .fail }

    /// What people read of an error as a job's status message.
    static func message(_ error: any Error) -> String {
        (error as? RoadsteadError)?.message ?? String(describing: error)
    }
}
