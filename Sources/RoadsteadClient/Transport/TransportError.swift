import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import RoadsteadBasics

/// Turns what the network libraries throw into errors that name the server and say what to do.
enum TransportError {
    static func make(_ error: any Error, server: ServerAddress) -> RoadsteadError {
        switch error {
        case let error as RoadsteadError: error
        case is CancellationError: RoadsteadError(.cancelled, "the call to \(server) was cancelled")
        case let error as HTTPClientError: make(error, server: server)
        case let error as NIOConnectionError: unreachable(server, reason(error), cause: error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: tls(error, server: server)
        case let error as IOError: unreachable(server, reason(error), cause: error)
        case is NIOTooManyBytesError: tooLong(server)
        default: unreachable(server, String(describing: error), cause: error)
        }
    }

    static func timeout(_ server: ServerAddress, after limit: Duration) -> RoadsteadError {
        RoadsteadError(.timeout, "\(server) did not answer within \(limit.components.seconds) s")
    }

    private static func make(_ error: HTTPClientError, server: ServerAddress) -> RoadsteadError {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout:
            unreachable(server, "no connection within the time allowed", cause: error)
        case .readTimeout, .deadlineExceeded:
            RoadsteadError(.timeout, "\(server) did not answer in time", cause: error)
        case .cancelled: RoadsteadError(.cancelled, "the call to \(server) was cancelled")
        default: unreachable(server, error.shortDescription, cause: error)
        }
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
            return "the name '\(error.host)' is not known"
        }
        return (error.connectionErrors.first?.error as? IOError).map(reason) ?? "no connection"
    }

    /// NIO describes a refused connection as one that was reset; the system's own words are better.
    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "it closed the connection"
        case ENETUNREACH, EHOSTUNREACH: "there is no route to it"
        case ETIMEDOUT: "no answer from it"
        default: error.description
        }
    }

    private static func unreachable(_ server: ServerAddress, _ why: String, cause: any Error) -> RoadsteadError {
        RoadsteadError(
            .unavailable, "cannot reach \(server): \(why). Does `roadstead serve` run there?", cause: cause)
    }

    private static func tls(_ error: any Error, server: ServerAddress) -> RoadsteadError {
        let text = String(describing: error)
        let isUntrusted = text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate")
        let isPlain = text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST")
        let advice =
            isUntrusted
            ? "its certificate is not trusted; give its authority by --ca FILE"
            : isPlain ? "it speaks plain HTTP there; use http://" : "the TLS handshake failed"
        return RoadsteadError(.unavailable, "cannot reach \(server): \(advice)", cause: error)
    }

    private static func tooLong(_ server: ServerAddress) -> RoadsteadError {
        RoadsteadError(.limitExceeded, "\(server) sent more than this program accepts; ask for less at a time")
    }
}
