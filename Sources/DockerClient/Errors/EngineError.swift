/// Why a call to a Docker Engine failed.
///
/// `message` is for people: the engine's own words, or ours when the engine was never reached. It never holds a secret.
/// Messages say what is wrong with which endpoint; callers add what to do about it, because only they know where the
/// endpoint's description came from.
public struct EngineError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// No connection: refused, no route, no such socket, no permission, or lost half-way.
        case unreachable
        case nameNotFound
        case timeout
        /// The server's certificate does not lead to the given CA (or to the system's roots).
        case tlsNotTrusted
        /// The server's certificate is for other names or addresses.
        case tlsNameMismatch
        /// The server's or the client's certificate is past its end or before its beginning; the message says which.
        case certificateExpired
        case clientCertificateRefused
        case clientCertificateMissing
        /// We spoke TLS, the peer does not.
        case notTLS
        /// We spoke plain HTTP, the peer wants TLS.
        case tlsRequired
        /// The engine and this client have no API version in common.
        case versionUnsupported
        /// The engine's answer, with its HTTP status and its own message.
        case engine(status: Int)
        case protocolViolation
        /// An answer or a part of a stream is larger than we take.
        case limitExceeded
        /// The request cannot be made of what was given.
        case invalidInput
        case cancelled
    }

    public let kind: Kind
    public let message: String
    /// For people: `unix:///var/run/docker.sock`, `tcp://10.0.0.1:2376`.
    public let endpoint: String
    /// Method and path without the query, for example `POST /services/create`; empty before there is a request.
    public let operation: String

    public init(_ kind: Kind, _ message: String, endpoint: String, operation: String = "") {
        self.kind = kind
        self.message = message
        self.endpoint = endpoint
        self.operation = operation
    }
}

extension EngineError: CustomStringConvertible {
    public var description: String {
        let place = operation.isEmpty ? endpoint : "\(operation) at \(endpoint)"
        return if case .engine(let status) = kind { "\(place): \(status): \(message)" } else { "\(place): \(message)" }
    }
}

extension EngineError {
    /// The status of the engine's answer; nil when there was none.
    public var status: Int? { if case .engine(let status) = kind { status } else { nil } }

    public var isNotFound: Bool { status == 404 }

    /// The name is taken, or the object is in use.
    public var isConflict: Bool { status == 409 }

    /// The node is no Swarm manager (a worker, or in no Swarm at all): another endpoint has to be asked.
    ///
    /// Engines answer 503 with these words (20.10 to 29), and 406 in some older routes.
    public var isNotSwarmManager: Bool {
        (status == 503 || status == 406) && message.contains("not a swarm manager")
    }

    /// An update named a version that is not the object's newest: read it again and decide anew.
    ///
    /// SwarmKit's error has no code of its own: it comes as status 500 (or 400 through newer routes) with these words.
    public var isOutOfSequence: Bool { status != nil && message.contains("update out of sequence") }

    func at(operation: String) -> EngineError {
        EngineError(kind, message, endpoint: endpoint, operation: operation)
    }
}
