import HTTPTypes
import Hummingbird
import NIOCore

/// Where a request came in and from whom, as far as it can be believed.
struct RequestOrigin {
    let headers: HTTPFields
    /// The host and port that were asked for: the `Host` header, which does not stand among the others.
    let authority: String?
    let peer: SocketAddress?

    /// `scheme://host/api/` as the caller sees it: clients put ids behind it.
    func baseURI(isSecure: Bool) -> String {
        let scheme = header("x-forwarded-proto") ?? (isSecure ? "https" : "http")
        let host = header("x-forwarded-host") ?? Self.safe(authority) ?? "localhost"
        return "\(scheme)://\(host)/api/"
    }

    /// The peer's address; a proxy on this machine may name the one behind it.
    var clientAddress: String? {
        if peer?.isLoopback ?? true, let named = header("x-real-ip") { return named }
        return peer?.ipAddress
    }

    /// Whether the way to the caller is encrypted, so that its cookie can be kept to such ways.
    func isSecure(_ isSecure: Bool) -> Bool { isSecure || header("x-forwarded-proto") == "https" }

    private func header(_ name: String) -> String? {
        Self.safe(HTTPField.Name(name).flatMap { headers[$0] })
    }

    /// Parts of an authority or a scheme hold nothing else; anything else would go into URLs of answers.
    private static func safe(_ value: String?) -> String? {
        guard let value, !value.isEmpty, value.utf8.count <= 255 else { return nil }
        let isSafe = value.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 58, 91, 93, 95].contains(byte)
        }
        return isSafe ? value : nil
    }
}

extension SocketAddress {
    var isLoopback: Bool {
        switch self {
        case .unixDomainSocket: true
        default: ipAddress == "::1" || ipAddress?.hasPrefix("127.") ?? false
        }
    }
}
