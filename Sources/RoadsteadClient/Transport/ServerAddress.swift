import Foundation
import RoadsteadBasics

/// Where a Roadstead (or Nuvla) server is: scheme, host and port, without the path `/api`.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    public let host: String
    public let port: Int

    public init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// Reads `https://host[:port][/api]`, `http://…` or `host[:port]`.
    ///
    /// Without a scheme a loopback host is spoken to in plain HTTP on port 8420, any other by TLS on port 443.
    /// Throws invalidInput that says what is wrong.
    public init(_ text: String) throws(RoadsteadError) {
        let hasScheme = text.contains("://")
        guard let parts = URLComponents(string: hasScheme ? text : "bare://" + text), let host = parts.host,
            !host.isEmpty
        else { throw Self.refusal(text, "it is not a URL") }
        guard parts.user == nil, parts.password == nil else {
            throw Self.refusal("(hidden)", "it holds a user name; use `roadstead login --user` instead")
        }
        guard ["", "/", "/api", "/api/"].contains(parts.path), parts.query == nil else {
            throw Self.refusal(text, "it has a path; give scheme, host and port only")
        }
        let bareHost = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        switch parts.scheme {
        case "https": self.init(isSecure: true, host: bareHost, port: parts.port ?? 443)
        case "http": self.init(isSecure: false, host: bareHost, port: parts.port ?? 80)
        case "bare":
            let isLoopback = Self.isLoopback(bareHost)
            self.init(isSecure: !isLoopback, host: bareHost, port: parts.port ?? (isLoopback ? 8420 : 443))
        default: throw Self.refusal(text, "scheme '\(parts.scheme ?? "")' is not http or https")
        }
    }

    /// Whether what is sent there stays on this machine.
    public var isLoopback: Bool { Self.isLoopback(host) }

    public var description: String {
        let isDefault = port == (isSecure ? 443 : 80)
        let name = host.contains(":") ? "[\(host)]" : host
        return (isSecure ? "https://" : "http://") + name + (isDefault ? "" : ":\(port)")
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    private static func refusal(_ text: String, _ why: String) -> RoadsteadError {
        RoadsteadError(
            .invalidInput, "'\(text)' is not a server address: \(why). Give one such as https://roadstead.example.org")
    }
}
