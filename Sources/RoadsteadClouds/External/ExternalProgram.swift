import RoadsteadBasics

/// A driver that is a program of somebody else's: what is started, and what it is told first.
///
/// `Documentation/drivers.md` describes the protocol.
public struct ExternalProgram: Sendable {
    /// Absolute.
    public var path: String
    public var arguments: [String]
    /// The program's whole environment. Secrets do not belong into it: they travel over standard input.
    public var environment: [String: String]
    public var settings: JSONObject
    public var secrets: [String: Redacted<String>]
    /// How long one call may take.
    public var callLimit: Duration
    /// How long the program may take to start and to greet.
    public var greetingLimit: Duration
    /// Bytes of one line, either way.
    public var lineLimit: Int
    /// How long the program may take to end once its input is closed, and again once it was told to.
    public var grace: Duration

    public init(
        path: String, arguments: [String] = [],
        environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin"],
        settings: JSONObject = JSONObject(), secrets: [String: Redacted<String>] = [:],
        callLimit: Duration = .seconds(120), greetingLimit: Duration = .seconds(30), lineLimit: Int = 1 << 20,
        grace: Duration = .seconds(5)
    ) {
        (self.path, self.arguments, self.environment) = (path, arguments, environment)
        (self.settings, self.secrets) = (settings, secrets)
        (self.callLimit, self.greetingLimit) = (callLimit, greetingLimit)
        (self.lineLimit, self.grace) = (lineLimit, grace)
    }

    /// The program's words without any of its secrets, cut to a line that people read.
    func cleaned(_ text: String) -> String {
        var text = text
        for secret in secrets.values where !secret.exposed.isEmpty {
            text = text.replacing(secret.exposed, with: "(redacted)")
        }
        return String(text.prefix(500))
    }
}
