import RoadsteadBasics

/// The exit statuses of every command, for scripts: one number means one thing. Documentation/cli.md has the same table.
public enum CommandStatus: Int32, Sendable, CaseIterable {
    /// It is done; a deployment has converged.
    case success = 0
    /// Something that says nothing about what was asked: the server or the network does not answer, or a bug.
    case failure = 1
    /// The command line or a file that it names is wrong.
    case invalidInput = 2
    /// Refused before anything was touched: not there, not allowed, not logged in, in conflict, in the wrong state.
    case refused = 3
    /// It was tried and failed: a deployment's verdict, a check that does not hold.
    case failed = 4
    /// A deployment failed, and what ran before runs again.
    case rolledBack = 5
    /// Time ran out.
    case timedOut = 6
    /// Ended by a person, as after Ctrl-C or `job cancel`.
    case cancelled = 130

    /// The one table from error codes to exit statuses.
    public init(_ code: RoadsteadError.Code) {
        self =
            switch code {
            case .invalidInput: .invalidInput
            case .unauthenticated, .forbidden, .notFound, .conflict, .invalidState, .limitExceeded, .unsupported:
                .refused
            case .unavailable, .internal: .failure
            case .timeout: .timedOut
            case .cancelled: .cancelled
            }
    }
}
