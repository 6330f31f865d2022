/// The name of an image as docker reads it: `[registry/]path[:tag][@digest]`.
public struct ImageReference: Hashable, Sendable {
    /// The text as written.
    public let text: String
    /// `docker.io/library/nginx`, in full.
    public let repository: String
    public let tag: String?
    /// `sha256:…`.
    public let digest: String?

    /// nil when `text` is no valid reference.
    public init?(_ text: String) {
        let atParts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = atParts.first, !name.isEmpty else { return nil }
        let digest = atParts.count == 2 ? String(atParts[1]) : nil
        if let digest, !Self.isDigest(digest) { return nil }
        let (path, tag) = Self.splitTag(name)
        if let tag, !Self.isTag(tag) { return nil }
        guard let repository = Self.repository(path) else { return nil }
        self.text = text
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// As docker's client sends it to the engine: short, with the tag `latest` when there is neither tag nor digest.
    public var familiar: String {
        var name = Substring(repository)
        for prefix in ["docker.io/library/", "docker.io/"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
            break
        }
        let suffix = (tag.map { ":" + $0 } ?? (digest == nil ? ":latest" : "")) + (digest.map { "@" + $0 } ?? "")
        return name + suffix
    }

    private static func splitTag(_ name: Substring) -> (Substring, String?) {
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return (name, nil) }
        return (name[..<colon], String(name[name.index(after: colon)...]))
    }

    /// With the registry and, at Docker Hub, the `library/` that short names leave out.
    private static func repository(_ path: Substring) -> String? {
        var components = path.split(separator: "/", omittingEmptySubsequences: false)
        var registry = "docker.io"
        if components.count > 1, isRegistry(components[0]) {
            registry = String(components.removeFirst())
            if registry == "index.docker.io" { registry = "docker.io" }
        }
        guard !components.isEmpty, components.allSatisfy(isPathComponent), path.utf8.count <= 255 else { return nil }
        if registry == "docker.io", components.count == 1 { components.insert("library", at: 0) }
        return registry + "/" + components.joined(separator: "/")
    }

    private static func isRegistry(_ text: Substring) -> Bool {
        guard text == "localhost" || text.contains(where: { $0 == "." || $0 == ":" || $0.isUppercase }) else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || ".-:[]".utf8.contains($0) }
    }

    /// Lower-case letters and digits, separated by `.`, `_`, `__` or hyphens.
    private static func isPathComponent(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isLowercase(first), isLowercase(last),
            text.utf8.allSatisfy({ isLowercase($0) || "._-".utf8.contains($0) })
        else { return false }
        let separators = text.split { $0.isLetter || $0.isNumber }
        return separators.allSatisfy { [".", "_", "__"].contains($0) || $0.allSatisfy { $0 == "-" } }
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) || first == UInt8(ascii: "_"), text.utf8.count <= 128
        else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    private static func isDigest(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1)
        return parts.count == 2 && parts[0].utf8.allSatisfy { isAlphanumeric($0) || "+.-_".utf8.contains($0) }
            && parts[1].utf8.count >= 32 && parts[1].allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }

    private static func isLowercase(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowercase(byte) || (65...90).contains(byte) }
}
