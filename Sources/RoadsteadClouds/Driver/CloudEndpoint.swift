import Foundation

/// Where the API of a cloud answers: scheme, host, port and path of an `http` or `https` URL that has nothing else.
struct CloudEndpoint: Sendable, Hashable {
    /// Scheme, host and port.
    let url: String
    /// As the `Host` header has it.
    let host: String
    /// Empty, or `/v2`; without a slash at its end.
    let path: String

    /// nil for what is no such URL: with a user, a password, a query or a fragment among them.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let name = parts.host?.lowercased(), !name.isEmpty,
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        let port = parts.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : $0 }
        host = name + (port.map { ":\($0)" } ?? "")
        url = "\(scheme)://\(host)"
        path = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
    }

    /// Whether the word can stand in a host name as a region or zone of a cloud: `eu-west-1`.
    static func isPlace(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
