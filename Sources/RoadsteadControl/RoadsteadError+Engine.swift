import DockerClient
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds

// The one place where what a Docker Engine (or the way to it) said becomes an error of Roadstead, with what to do.

extension RoadsteadError {
    /// - Parameter doing: what was tried, to follow "cannot": `create service shop_web`.
    public init(_ error: EngineError, doing: String? = nil, file: String = #fileID, line: Int = #line) {
        let (code, advice) = Self.meaning(of: error)
        var message = doing.map { "cannot \($0): " } ?? ""
        message += error.words
        if error.status == nil, !message.contains(error.endpoint) { message += " (\(error.endpoint))" }
        if let advice { message += "; " + advice }
        self.init(code, message, context: ["endpoint": error.endpoint], file: file, line: line)
        if !error.operation.isEmpty { context["operation"] = error.operation }
        if error.isElection { context["swarm"] = Self.leaderless }
    }

    private static let leaderless = "without a leader"

    /// The engine has answered that its Swarm elects a leader, or has too few managers for that: it may be over soon.
    var isSwarmWithoutLeader: Bool { code == .unavailable && context["swarm"] == Self.leaderless }

    /// Errors of other kinds pass as they are; what is none of ours becomes `internal`.
    public static func translating(_ error: any Error, doing: String? = nil) -> RoadsteadError {
        switch error {
        case let error as RoadsteadError: error
        case let error as EngineError: RoadsteadError(error, doing: doing)
        case let error as RemoteHostError: RoadsteadError(error, doing: doing)
        case let error as CloudError: RoadsteadError(error, doing: doing)
        case is CancellationError: RoadsteadError(.cancelled, "cancelled")
        default: RoadsteadError(.internal, "unexpected failure\(doing.map { ": cannot \($0)" } ?? "")", cause: error)
        }
    }

    private static func meaning(of error: EngineError) -> (Code, String?) {
        switch error.kind {
        case .unreachable:
            (.unavailable, "check that the engine runs, that the endpoint is right and that a firewall lets it through")
        case .nameNotFound: (.unavailable, "check the host name in the endpoint")
        case .timeout: (.timeout, "the engine, or the network to it, is overloaded or silent: try again")
        case .tlsNotTrusted: (.invalidState, "give the credential the CA certificate that signed the engine's")
        case .tlsNameMismatch:
            (.invalidState, "use a name or address that the engine's certificate is for, or issue a new certificate")
        case .certificateExpired: (.invalidState, "issue a new certificate and check the clocks of both sides")
        case .clientCertificateRefused:
            (.forbidden, "give the credential a client certificate signed by a CA that the engine trusts")
        case .clientCertificateMissing:
            (.forbidden, "the engine wants a client certificate: give the credential its certificate and key")
        case .notTLS: (.invalidState, "the engine does not speak TLS there: check the port, usually 2376 with TLS")
        case .tlsRequired: (.invalidState, "give the credential CA, certificate and key, and use https:// (port 2376)")
        case .versionUnsupported: (.unsupported, nil)
        case .engine(let status): engineMeaning(of: error, status: status)
        case .protocolViolation: (.unavailable, "check that a Docker Engine listens there")
        case .limitExceeded: (.limitExceeded, nil)
        case .invalidInput: (.invalidInput, nil)
        case .cancelled: (.cancelled, nil)
        }
    }

    private static func engineMeaning(of error: EngineError, status: Int) -> (Code, String?) {
        if error.isNotSwarmManager {
            return (.invalidState, "\(error.endpoint) is not a manager: use the endpoint of a Swarm manager")
        }
        if error.isOutOfSequence { return (.conflict, "somebody changed it at the same time: try again") }
        if error.message.contains("is already in use by service") {
            return (.conflict, "publish another port, or remove that service")
        }
        return (code(of: error, status: status), nil)
    }

    private static func code(of error: EngineError, status: Int) -> Code {
        switch status {
        case 400, 422: .invalidInput
        case 401, 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 501: .unsupported
        // Older engines give 500 for what they refuse; gRPC's own code tells.
        case 500 where error.message.contains("code = InvalidArgument"): .invalidInput
        case 500 where error.message.contains("code = Unimplemented"): .invalidState
        default: .unavailable
        }
    }
}

extension EngineError {
    /// Engines have words only for it, with 500 or 503: "The swarm does not have a leader", "rpc error: code = Unavailable"
    /// or "DeadlineExceeded" from one manager about another, and "the client connection is closing" while the one that was
    /// asked changes its role, or finds another leader.
    fileprivate var isElection: Bool {
        guard let status, status >= 500, !isNotSwarmManager else { return false }
        return [
            "does not have a leader", "code = Unavailable", "code = DeadlineExceeded", "context deadline exceeded",
            "the client connection is closing",
        ].contains { message.contains($0) }
    }

    /// The engine's message without the wrapping of its inner calls.
    var words: String {
        var text = Substring(message)
        while text.hasPrefix("rpc error: code = "), let desc = text.firstRange(of: " desc = ") {
            text = text[desc.upperBound...]
        }
        return String(text)
    }
}
