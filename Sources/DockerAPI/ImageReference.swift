/// The name of an image: `[registry/]path[:tag][@digest]`.
///
/// Grammar of the distribution project's reference package (github.com/distribution/reference), as docker's client
/// applies it.
public struct ImageReference: Hashable, Sendable {
    /// The registry that serves it; Docker Hub is `docker.io`.
    public let registry: String
    /// Below the registry, in full: `library/nginx`.
    public let path: String
    public var tag: String?
    /// `sha256:…`
    public var digest: String?

    /// nil when `text` is no valid reference.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        digest = parts.count == 2 ? String(parts[1]) : nil
        if let digest, !Self.isDigest(digest) { return nil }
        let (repository, tag) = Self.splitTag(name)
        self.tag = tag
        if let tag, !Self.isTag(tag) { return nil }
        guard let (registry, path) = Self.splitRegistry(repository) else { return nil }
        (self.registry, self.path) = (registry, path)
    }

    /// Everything before tag and digest, without Docker Hub's own prefixes (`nginx`, `ghcr.io/owner/app`).
    public var repository: String {
        guard registry == "docker.io" else { return registry + "/" + path }
        return path.hasPrefix("library/") ? String(path.dropFirst("library/".count)) : path
    }

    /// What chooses the content: the digest when there is one, else the tag, else `latest`.
    public var selector: String { digest ?? tag ?? "latest" }

    /// With `latest` where neither tag nor digest is given, as the engine is asked for it.
    public var tagged: ImageReference {
        guard tag == nil, digest == nil else { return self }
        var copy = self
        copy.tag = "latest"
        return copy
    }

    /// Bound to one content: what every node then pulls, whatever the tag points to later.
    public func pinned(to digest: String) -> ImageReference {
        var copy = tagged
        copy.digest = digest
        return copy
    }

    /// Whether both name the same repository and tag; digests do not count.
    public func hasSameTag(as other: ImageReference) -> Bool {
        let (mine, theirs) = (tagged, other.tagged)
        return (mine.registry, mine.path, mine.tag) == (theirs.registry, theirs.path, theirs.tag)
    }
}

extension ImageReference: CustomStringConvertible {
    /// The short form that docker's client sends: without Docker Hub's prefixes.
    public var description: String {
        repository + (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "")
    }
}

// MARK: - Grammar

extension ImageReference {
    /// A colon before the last slash belongs to a registry's port.
    private static func splitTag(_ name: Substring) -> (Substring, String?) {
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return (name, nil) }
        return (name[..<colon], String(name[name.index(after: colon)...]))
    }

    private static func splitRegistry(_ name: Substring) -> (String, String)? {
        var components = name.split(separator: "/", omittingEmptySubsequences: false)
        var registry = "docker.io"
        if components.count > 1, isRegistry(components[0]) {
            registry = String(components.removeFirst())
            if registry == "index.docker.io" { registry = "docker.io" }
        }
        guard !components.isEmpty, components.allSatisfy(isPathComponent), name.utf8.count <= 255 else { return nil }
        if registry == "docker.io", components.count == 1 { components.insert("library", at: 0) }
        return (registry, components.joined(separator: "/"))
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
