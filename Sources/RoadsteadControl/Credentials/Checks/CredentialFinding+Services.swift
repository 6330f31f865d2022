import HTTPCalls
import ObjectStorage
import RoadsteadBasics

extension CredentialFinding {
    /// A service that answered and took the credential.
    static func valid(_ message: String) -> CredentialFinding {
        CredentialFinding(status: .valid, isOnline: true, message: message, isUsable: true)
    }

    /// A service that answered and refused the credential, or cannot be trusted with it.
    static func invalid(_ message: String) -> CredentialFinding {
        CredentialFinding(status: .invalid, isOnline: true, message: message)
    }

    /// Nothing was found out about the credential; `isOnline` nil when not about the service either.
    static func unknown(_ message: String, isOnline: Bool? = nil) -> CredentialFinding {
        CredentialFinding(status: .unknown, isOnline: isOnline, message: message)
    }

    /// A failure on the way says nothing about the credential, unless TLS says that it is somebody else who answers.
    init(_ fault: HTTPFault, endpoint: String) {
        let message = "\(endpoint): \(fault.words)"
        switch fault.kind {
        case .unreachable, .nameNotFound, .timeout: self = .unknown(message, isOnline: false)
        case .tlsNotTrusted:
            self = .invalid(message + "; give the credential the certificate of that authority (ca)")
        case .tlsNameMismatch: self = .invalid(message + "; use an endpoint that the certificate names")
        case .notTLS, .tlsRefused: self = .invalid(message)
        case .notHTTP, .limitExceeded: self = .unknown(message, isOnline: true)
        case .cancelled: self = .unknown(message)
        }
    }

    /// What a store said to a signed request.
    init(_ error: ObjectStorageError) {
        let message = "\(error.endpoint): \(error.message)"
        switch error.kind {
        case .transport(let kind): self.init(HTTPFault(kind, error.message), endpoint: error.endpoint)
        case .unknownKey, .wrongSecret: self = .invalid(message)
        case .accessDenied:
            // The store has found key and signature right before it looked at what they allow.
            self = .valid("\(error.endpoint) takes the key, which may not list buckets")
        case .clockSkew: self = .unknown(message + "; set the clocks right", isOnline: true)
        case .notS3: self = .unknown(message + "; check the endpoint, which has no bucket and no path", isOnline: true)
        case .invalidInput: self = .invalid(error.message).withoutService()
        case .wrongRegion, .noSuchBucket, .noSuchObject, .bucketExists, .bucketNotEmpty, .refused, .limitExceeded:
            self = .unknown(message, isOnline: true)
        }
    }

    private func withoutService() -> CredentialFinding {
        var finding = self
        finding.isOnline = nil
        return finding
    }
}
