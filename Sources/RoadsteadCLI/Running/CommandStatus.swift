import RoadsteadBasics

/// The exit statuses of every command, for scripts. Documentation/cli.md has the same table.
public enum CommandStatus: Int32, Sendable, CaseIterable {
    case success = 0
    /// It was tried and failed: a deployment's verdict, a check that does not hold, a bug.
    case failure = 1
    /// The command line or a file that it names is wrong.
    case invalidInput = 2
    case notFound = 3
    /// Not logged in, or not allowed.
    case notAllowed = 4
    /// Something of that name exists, or the thing is not in a state for this.
    case conflict = 5
    /// A server, an engine or a network does not answer.
    case unavailable = 6
    case timeout = 7
    /// Ended by a person, as after Ctrl-C.
    case cancelled = 130

    /// The one table from error codes to exit statuses.
    public init(_ code: RoadsteadError.Code) {
        self =
            switch code {
            case .invalidInput, .unsupported: .invalidInput
            case .unauthenticated, .forbidden: .notAllowed
            case .notFound: .notFound
            case .conflict, .invalidState: .conflict
            case .unavailable, .limitExceeded: .unavailable
            case .timeout: .timeout
            case .cancelled: .cancelled
            case .internal: .failure
            }
    }
}
