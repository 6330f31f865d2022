import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics

/// Where a request came in and from whom, as far as it can be believed: what headers say about it counts only when the
/// peer is one of the trusted proxies.
package struct RequestOrigin {
    private let headers: HTTPFields
    /// The host and port that were asked for: the `Host` header, which does not stand among the others.
    private let authority: String?
    private let peer: SocketAddress?
    package let isProxied: Bool

    package init(headers: HTTPFields, authority: String?, peer: SocketAddress?, proxies: [CIDR]) {
        self.headers = headers
        self.authority = authority
        self.peer = peer
        isProxied = peer?.ipAddress.map(proxies.contain) ?? false
        client = isProxied ? Self.client(headers, proxies: proxies) ?? peer?.ipAddress : peer?.ipAddress
    }

    private let client: String?

    /// `scheme://host/api/` as the caller sees it: clients put ids behind it.
    package func baseURI(isSecure: Bool) -> String {
        let scheme = believed("x-forwarded-proto") ?? (isSecure ? "https" : "http")
        return "\(scheme)://\(host ?? "localhost")/api/"
    }

    private var host: String? { believed("x-forwarded-host") ?? Self.safe(authority) }

    /// The host without its port, or the name that a proxy says its own TLS answered for.
    package var serverName: String? {
        if let name = believed("nuvla-ssl-server-name") { return name }
        guard let host else { return nil }
        return host.hasPrefix("[") ? host : host.split(separator: ":").first.map(String.init)
    }

    /// Who asks: the peer, or the one that a trusted proxy names.
    package var clientAddress: String? { client }

    /// Whether the way to the caller is encrypted, so that its cookie can be kept to such ways.
    package func isSecure(_ isSecure: Bool) -> Bool { isSecure || believed("x-forwarded-proto") == "https" }

    /// The identity that a trusted proxy vouches for; nil otherwise, whatever the request says.
    package var authnInfo: String? {
        guard isProxied, let name = HTTPField.Name("nuvla-authn-info") else { return nil }
        return headers[name]
    }

    /// Whether the request was made on this machine, and not handed on by a proxy on it that nobody has told us about.
    package var isLocal: Bool {
        guard peer?.isLoopback ?? false, !isProxied else { return false }
        return ["x-forwarded-for", "x-real-ip", "forwarded", "x-forwarded-host"].allSatisfy { raw($0) == nil }
    }

    private func believed(_ name: String) -> String? { isProxied ? Self.safe(raw(name)) : nil }

    private func raw(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// `x-real-ip`, else the last hop of `x-forwarded-for` that is not itself a proxy: what stands before it came from
    /// the caller and may be made up.
    private static func client(_ headers: HTTPFields, proxies: [CIDR]) -> String? {
        let raw = { (name: String) in HTTPField.Name(name).flatMap { headers[$0] } }
        if let named = safe(raw("x-real-ip")) { return named }
        let hops = raw("x-forwarded-for")?.split(separator: ",").map { $0.trimmingBlanks() } ?? []
        return hops.last { !proxies.contain($0) }.flatMap(safe)
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
    package var isLoopback: Bool {
        switch self {
        case .unixDomainSocket: true
        default: ipAddress == "::1" || ipAddress?.hasPrefix("127.") ?? false
        }
    }
}
