import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What an error of the network libraries means, as far as the error alone tells.
enum TransportFault: Equatable, Sendable {
    case settled(EngineError.Kind, String)
    /// BoringSSL refused the server's certificate, without saying whether it is out of date or of a stranger.
    case untrusted
    /// The peer ended TLS with this alert (BoringSSL's name for it).
    case alert(String)
    /// The connection was there and went away before an answer.
    case closed(String)
    /// Bytes came that are not HTTP.
    case notHTTP

    init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .settled(.cancelled, "cancelled")
        case let error as HTTPClientError: self = Self.fault(of: error)
        case let error as NIOConnectionError: self = Self.fault(of: error)
        case let error as IOError: self = Self.fault(of: error)
        case let error as ChannelError: self = Self.fault(of: error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = Self.fault(ofTLS: error)
        case is HTTPParserError: self = .notHTTP
        case is SocketAddressError: self = .settled(.nameNotFound, "the address cannot be found")
        case is NIOTooManyBytesError: self = .settled(.limitExceeded, "the answer is larger than this client takes")
        default: self = .settled(.protocolViolation, String(describing: error))
        }
    }

    private static func fault(of error: HTTPClientError) -> TransportFault {
        switch error {
        case .cancelled, .requestStreamCancelled, .alreadyShutdown: .settled(.cancelled, "cancelled")
        case .connectTimeout, .tlsHandshakeTimeout:
            .settled(.timeout, "no connection within the time limit: is the address right, and the port open?")
        case .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout:
            .settled(.timeout, "no answer within the time limit")
        case .remoteConnectionClosed, .uncleanShutdown: .closed("the connection was closed before the answer")
        case .invalidURL, .emptyHost: .settled(.invalidInput, "the endpoint's address cannot be used in a URL")
        default: .settled(.protocolViolation, error.shortDescription)
        }
    }

    private static func fault(of error: NIOConnectionError) -> TransportFault {
        guard let last = error.connectionErrors.last else {
            return .settled(.nameNotFound, "the name '\(error.host)' cannot be resolved")
        }
        return TransportFault(last.error)
    }

    private static func fault(of error: ChannelError) -> TransportFault {
        switch error {
        case .connectTimeout: fault(of: HTTPClientError.connectTimeout)
        case .ioOnClosedChannel, .alreadyClosed, .inputClosed, .outputClosed, .eof:
            .closed("the connection was closed before the answer")
        default: .settled(.protocolViolation, String(describing: error))
        }
    }

    private static func fault(of error: IOError) -> TransportFault {
        switch error.errnoCode {
        case ECONNREFUSED: .settled(.unreachable, "connection refused: nothing listens there")
        case ENOENT: .settled(.unreachable, "there is no such socket: is the engine running?")
        case EACCES, EPERM:
            .settled(.unreachable, "permission denied: the user must be root or in the socket's group (docker)")
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL: .settled(.unreachable, "no route to the host")
        case ETIMEDOUT: .settled(.timeout, "the host does not answer")
        case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN: .closed("the connection was reset before the answer")
        default: .settled(.unreachable, error.description)
        }
    }

    /// BoringSSL's errors have no codes of their own through NIOSSL: the names in their text are all there is.
    private static func fault(ofTLS error: any Error) -> TransportFault {
        if let extra = error as? NIOSSLExtraError, extra == .failedToValidateHostname {
            return .settled(.tlsNameMismatch, "the server's certificate is for another name or address")
        }
        if case .unableToValidateCertificate? = error as? NIOSSLError { return .untrusted }
        if case .uncleanShutdown? = error as? NIOSSLError { return .closed("TLS was cut off before the answer") }
        let text = String(describing: error)
        let word = text.split { !($0.isUppercase || $0.isNumber || $0 == "_") }
        if let alert = word.first(where: { $0.contains("_ALERT_") || $0.hasSuffix("CERTIFICATE_REQUIRED") }) {
            return .alert(String(alert))
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return .untrusted }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") || text.contains("UNEXPECTED_MESSAGE")
            || text.contains("INVALID_RECORD") || text.contains("UNEXPECTED_RECORD")
        {
            return .settled(.notTLS, "the peer does not speak TLS: this is a plain HTTP port, or no engine at all")
        }
        if text.contains("syscallError") || text.contains("zeroReturn") {
            return .closed("the connection was closed during the TLS handshake")
        }
        return .settled(.protocolViolation, "TLS failed: \(text)")
    }
}
