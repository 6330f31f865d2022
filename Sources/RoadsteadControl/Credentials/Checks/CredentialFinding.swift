import DockerAPI
import DockerClient
import RoadsteadBasics

/// What trying a credential has shown, in the dialect's terms. Pure: a service's answer goes in, attributes come out.
struct CredentialFinding: Sendable, Hashable {
    enum Status: String, Sendable {
        case valid = "VALID"
        case invalid = "INVALID"
        case unknown = "UNKNOWN"
    }

    var status: Status
    /// nil leaves the service's attribute as it is.
    var isOnline: Bool?
    var isSwarmEnabled: Bool?
    var isManager: Bool?
    /// For people.
    var message: String
    /// Whether what the credential is for can be done with it, such as deployments.
    var isUsable: Bool

    init(info: EngineInfo, endpoint: String) {
        let version = info.serverVersion ?? "of unknown version"
        let isMember = !(info.swarm?.nodeID ?? "").isEmpty
        let isManager = isMember && info.swarm?.controlAvailable ?? false
        let message =
            if isManager {
                "\(endpoint) is a manager of a Swarm of \(info.swarm?.nodes ?? 1) node(s), Docker \(version)"
            } else if isMember {
                "\(endpoint) is a worker of its Swarm and takes no orders; give the endpoint of one of its managers"
            } else {
                "\(endpoint) is a Docker engine outside any Swarm; run 'docker swarm init' there, or give a manager's endpoint"
            }
        self.init(
            status: .valid, isOnline: true, isSwarmEnabled: isMember, isManager: isManager, message: message,
            isUsable: isManager)
    }

    /// Failures to reach the engine say nothing about the credential; refusals say that the engine is there.
    init(_ error: EngineError) {
        let message = "\(error.endpoint): \(error.message)"
        switch error.kind {
        case .unreachable, .nameNotFound, .timeout:
            self.init(status: .unknown, isOnline: false, message: message)
        case .tlsNotTrusted, .tlsNameMismatch, .certificateExpired, .clientCertificateRefused,
            .clientCertificateMissing, .notTLS, .tlsRequired, .engine(status: 401), .engine(status: 403):
            self.init(status: .invalid, isOnline: true, message: message + Self.advice(error.kind))
        case .invalidInput:
            self.init(status: .invalid, isOnline: nil, message: message)
        case .engine, .versionUnsupported, .protocolViolation, .limitExceeded, .cancelled:
            self.init(status: .unknown, isOnline: nil, message: message)
        }
    }

    init(
        status: Status, isOnline: Bool?, isSwarmEnabled: Bool? = nil, isManager: Bool? = nil, message: String,
        isUsable: Bool = false
    ) {
        self.status = status
        self.isOnline = isOnline
        self.isSwarmEnabled = isSwarmEnabled
        self.isManager = isManager
        self.message = message
        self.isUsable = isUsable
    }

    private static func advice(_ kind: EngineError.Kind) -> String {
        switch kind {
        case .tlsNotTrusted: "; give the CA that signed the server's certificate"
        case .tlsNameMismatch: "; use an endpoint that the certificate names"
        case .certificateExpired, .clientCertificateRefused: "; give a valid client certificate and its key"
        case .clientCertificateMissing: "; give a client certificate and its key"
        case .notTLS: "; use tcp:// without certificates, or the engine's TLS port"
        case .tlsRequired: "; use https:// and give ca, cert and key"
        default: ""
        }
    }
}
