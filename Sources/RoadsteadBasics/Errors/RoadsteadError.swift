/// The one error type of Roadstead above the edge modules.
///
/// `message` is for people: it names the thing and its value and says what to do; it never holds a secret or SQL.
/// `context` holds bounded extra facts for programs (a resource id, a position), `cause` the text of what lies behind.
public struct RoadsteadError: Error, Sendable {
    /// What kind of failure it is. Closed: HTTP status, exit status and retry policy are exhaustive tables over it.
    public enum Code: String, Sendable, CaseIterable {
        case invalidInput, unauthenticated, forbidden, notFound, conflict, invalidState
        case limitExceeded, unavailable, timeout, cancelled, unsupported, `internal`
    }

    public var code: Code
    public var message: String
    public var context: [String: String]
    public var cause: String?
    public let file: String
    public let line: Int

    public init(
        _ code: Code, _ message: String, context: [String: String] = [:], cause: (any Error)? = nil,
        file: String = #fileID, line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.cause = cause.map { String(describing: $0) }
        self.file = file
        self.line = line
    }
}

extension RoadsteadError: CustomStringConvertible {
    public var description: String {
        "\(code.rawValue): \(message)" + (cause.map { " (cause: \($0))" } ?? "")
    }
}

extension RoadsteadError: Equatable {
    /// Same code and message: the place it was made at does not count.
    public static func == (left: RoadsteadError, right: RoadsteadError) -> Bool {
        left.code == right.code && left.message == right.message
    }
}
