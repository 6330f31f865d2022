/// What a registry asks for: the header `WWW-Authenticate` of its 401 (RFC 9110, section 11.6.1; the Bearer form as in
/// the distribution specification's token authentication).
enum RegistryChallenge: Hashable {
    case basic
    case bearer(realm: String, service: String?)

    /// nil for schemes that nobody could answer, and for text that is no challenge.
    init?(_ header: String) {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard let scheme = parts.first?.lowercased() else { return nil }
        switch scheme {
        case "basic": self = .basic
        case "bearer":
            let parameters = parts.count > 1 ? Self.parameters(parts[1]) : [:]
            guard let realm = parameters["realm"], !realm.isEmpty else { return nil }
            self = .bearer(realm: realm, service: parameters["service"])
        default: return nil
        }
    }

    /// `a="b,c", d=e`: commas inside quotes do not end a value.
    private static func parameters(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].filter { $0.isLetter || $0 == "-" || $0 == "_" }.lowercased()
            rest = rest[rest.index(after: equals)...]
            let isQuoted = rest.first == "\""
            if isQuoted { rest = rest.dropFirst() }
            let end = rest.firstIndex(of: isQuoted ? "\"" : ",") ?? rest.endIndex
            found[name] = String(rest[..<end])
            rest = end == rest.endIndex ? "" : rest[rest.index(after: end)...]
        }
        return found
    }
}
