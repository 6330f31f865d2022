import Foundation
import RoadsteadBasics

/// Whose services may lead to the machine that the server runs on (`ROADSTEAD_LOCAL_ENDPOINTS`).
public enum LocalEndpointPolicy: String, Sendable, CaseIterable {
    case administrators
    case everybody
}

/// Tells endpoints that lead to this machine itself, or to its link, where clouds keep the keys of their machines.
///
/// Judged by the text: sockets, loopback (127.0.0.0/8, ::1, `localhost`, this machine's own name), the unspecified address,
/// and link-local addresses (169.254.0.0/16, fe80::/10), in every spelling that a resolver takes. A name whose DNS entry
/// points here is not recognised.
enum LocalEndpoint {
    static func isLocal(_ endpoint: String) -> Bool {
        if isSocket(endpoint) { return true }
        let host = host(of: endpoint)
        if let address = v4(host) { return isLocal(v4: address) }
        if let address = v6(host) { return isLocal(v6: address) }
        return isLocal(name: host)
    }

    static func isSocket(_ endpoint: String) -> Bool {
        let text = normalized(endpoint)
        guard let end = text.range(of: "://") else { return text.hasPrefix("/") }
        let scheme = text[..<end.lowerBound]
        return scheme.contains("unix") || scheme == "npipe"
    }

    // MARK: - Text

    /// Wide digits, letters and dots are what they look like: some resolvers take them so.
    private static func normalized(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.replacing("\u{3002}", with: ".")
            .trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    }

    private static func host(of endpoint: String) -> String {
        let text = normalized(endpoint)
        let rest = text.range(of: "://").map { text[$0.upperBound...] } ?? text[...]
        var authority = rest.prefix { !"/\\?#".contains($0) }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        return withoutZone(withoutPort(authority))
    }

    private static func withoutPort(_ authority: Substring) -> Substring {
        if authority.hasPrefix("[") { return authority.dropFirst().prefix { $0 != "]" } }
        // More than one colon is an address of version 6 that lacks its brackets.
        guard let colon = authority.firstIndex(of: ":"), colon == authority.lastIndex(of: ":") else { return authority }
        return authority[..<colon]
    }

    private static func withoutZone(_ host: Substring) -> String {
        if host.contains(":") { return String(host.prefix { $0 != "%" }) }
        var name = host.removingPercentEncoding ?? String(host)
        while name.hasSuffix(".") { name.removeLast() }
        return name
    }

    // MARK: - Addresses

    /// As resolvers read it: also `127.1`, `0x7f000001`, `017700000001`.
    private static func v4(_ host: String) -> UInt32? {
        var address = in_addr()
        guard !host.isEmpty, inet_aton(host, &address) != 0 else { return nil }
        return UInt32(bigEndian: address.s_addr)
    }

    private static func v6(_ host: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }

    private static func isLocal(v4 address: UInt32) -> Bool {
        [0, 127].contains(address >> 24) || address >> 16 == 0xA9FE
    }

    /// Addresses of version 4 within those of version 6 count as what they are.
    private static func isLocal(v6 bytes: [UInt8]) -> Bool {
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return true }
        let embedded: ArraySlice<UInt8>? =
            switch Array(bytes.prefix(12)) {
            // Compatible (and ::1, ::), mapped, translated (RFC 6052).
            case [UInt8](repeating: 0, count: 12): bytes[12...]
            case [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]: bytes[12...]
            case [0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8): bytes[12...]
            default: bytes.starts(with: [0x20, 0x02]) ? bytes[2..<6] : nil
            }
        guard let embedded else { return false }
        return isLocal(v4: embedded.reduce(0) { $0 << 8 | UInt32($1) })
    }

    private static func isLocal(name: String) -> Bool {
        let names = ["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", ownName]
        return names.contains(name) || name.hasSuffix(".localhost")
    }

    /// Debian gives it a loopback address.
    private static let ownName: String = {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return name.isEmpty ? "localhost" : name.lowercased()
    }()
}
