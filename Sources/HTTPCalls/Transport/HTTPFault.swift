import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// What an error of the HTTP libraries means when a service over HTTP(S) is called: what kind of failure, and words for
/// people that name neither the service nor any secret.
public struct HTTPFault: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// No connection: refused, no route, or lost half-way.
        case unreachable
        case nameNotFound
        case timeout
        /// The server's certificate does not lead to the given authorities (or the system's), or is out of date.
        case tlsNotTrusted
        case tlsNameMismatch
        /// TLS was spoken, the peer does not.
        case notTLS
        /// The peer wants TLS, or a client certificate.
        case tlsRefused
        case notHTTP
        case limitExceeded
        case cancelled
    }

    public let kind: Kind
    public let words: String
    /// Whether the service may have taken the request: false only where it is known that it never left, because no
    /// connection was made.
    public let mayHaveArrived: Bool

    public init(_ kind: Kind, _ words: String, mayHaveArrived: Bool = true) {
        self.kind = kind
        self.words = words
        self.mayHaveArrived = mayHaveArrived
    }

    private var beforeSending: HTTPFault { HTTPFault(kind, words, mayHaveArrived: false) }

    /// Whether somebody answered, whoever it was.
    public var isAnswered: Bool {
        switch kind {
        case .unreachable, .nameNotFound, .timeout, .cancelled: false
        case .tlsNotTrusted, .tlsNameMismatch, .notTLS, .tlsRefused, .notHTTP, .limitExceeded: true
        }
    }
}

extension HTTPFault {
    public init(_ error: any Error) {
        switch error {
        case let fault as HTTPFault: self = fault
        case is CancellationError: self.init(.cancelled, "cancelled")
        case let error as HTTPClientError: self = Self.fault(of: error)
        case let error as NIOConnectionError: self = Self.fault(of: error)
        case let error as IOError: self = Self.fault(of: error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = Self.fault(ofTLS: error)
        case is HTTPParserError: self.init(.notHTTP, "what answers there does not speak HTTP")
        case is NIOTooManyBytesError: self.init(.limitExceeded, "the answer is larger than is read")
        case ChannelError.connectTimeout:
            self.init(.timeout, "no connection within the time limit", mayHaveArrived: false)
        case is ChannelError: self.init(.unreachable, "the connection was closed before the answer")
        default: self.init(.unreachable, String(describing: error))
        }
    }

    private static func fault(of error: HTTPClientError) -> HTTPFault {
        switch error {
        case .cancelled, .requestStreamCancelled, .alreadyShutdown: HTTPFault(.cancelled, "cancelled")
        case .connectTimeout, .tlsHandshakeTimeout:
            HTTPFault(
                .timeout, "no connection within the time limit: is the address right, and the port open?",
                mayHaveArrived: false)
        case .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout:
            HTTPFault(.timeout, "no answer within the time limit")
        case .remoteConnectionClosed, .uncleanShutdown:
            HTTPFault(.unreachable, "the connection was closed before the answer")
        default: HTTPFault(.notHTTP, error.shortDescription)
        }
    }

    private static func fault(of error: NIOConnectionError) -> HTTPFault {
        guard let last = error.connectionErrors.last else {
            return HTTPFault(.nameNotFound, "the name '\(error.host)' cannot be resolved", mayHaveArrived: false)
        }
        return HTTPFault(last.error).beforeSending
    }

    private static func fault(of error: IOError) -> HTTPFault {
        switch error.errnoCode {
        case ECONNREFUSED:
            HTTPFault(.unreachable, "connection refused: nothing listens there", mayHaveArrived: false)
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL:
            HTTPFault(.unreachable, "no route to the host", mayHaveArrived: false)
        case ETIMEDOUT: HTTPFault(.timeout, "the host does not answer")
        case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN:
            HTTPFault(.unreachable, "the connection was reset before the answer")
        default: HTTPFault(.unreachable, error.description)
        }
    }

    /// BoringSSL's errors have no codes of their own through NIOSSL: the names in their text are all there is.
    private static func fault(ofTLS error: any Error) -> HTTPFault {
        if let extra = error as? NIOSSLExtraError, extra == .failedToValidateHostname {
            return HTTPFault(
                .tlsNameMismatch, "the server's certificate is for another name or address", mayHaveArrived: false)
        }
        if case .uncleanShutdown? = error as? NIOSSLError {
            return HTTPFault(.unreachable, "the connection was closed before the answer")
        }
        let text = String(describing: error)
        if case .unableToValidateCertificate? = error as? NIOSSLError { return untrusted }
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return untrusted }
        let plain = [
            "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNEXPECTED_MESSAGE", "INVALID_RECORD", "UNEXPECTED_RECORD",
        ]
        if plain.contains(where: text.contains) {
            return HTTPFault(
                .notTLS, "the peer does not speak TLS there; use http://, or the TLS port", mayHaveArrived: false)
        }
        if text.contains("_ALERT_") {
            return HTTPFault(.tlsRefused, "the server ended the TLS handshake with an alert")
        }
        return HTTPFault(.unreachable, "the connection was closed during the TLS handshake")
    }

    private static let untrusted = HTTPFault(
        .tlsNotTrusted,
        "the server's certificate is not signed by the given authority (or the system's), or is out of date",
        mayHaveArrived: false)
}
