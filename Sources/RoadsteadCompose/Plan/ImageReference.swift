/// The name of an image as people write it: `[registry/]repository[:tag][@digest]`.
///
/// Grammar and familiar form as in the distribution project's reference package, as far as comparing and pinning
/// need it; an engine judges the rest.
public struct ImageReference: Hashable, Sendable {
    /// Everything before tag and digest, without Docker Hub's own prefixes (`nginx`, `ghcr.io/owner/app`).
    public var repository: String
    public var tag: String?
    /// `sha256:…`
    public var digest: String?

    /// nil when there is no name at all.
    public init?(_ text: String) {
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        // A colon before the last slash belongs to a registry's port.
        let nameStart = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        if let colon = rest[nameStart...].firstIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        guard !rest.isEmpty else { return nil }
        repository = Self.familiar(String(rest))
    }

    private static func familiar(_ name: String) -> String {
        var name = Substring(name)
        for host in ["docker.io/", "index.docker.io/"] where name.hasPrefix(host) { name = name.dropFirst(host.count) }
        if name.hasPrefix("library/"), !name.dropFirst("library/".count).contains("/") {
            name = name.dropFirst("library/".count)
        }
        return String(name)
    }

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
        return mine.repository == theirs.repository && mine.tag == theirs.tag
    }

    /// The registry that serves it; Docker Hub is `docker.io`.
    public var registry: String {
        guard let slash = repository.firstIndex(of: "/") else { return "docker.io" }
        let first = repository[..<slash]
        let isHost = first.contains(".") || first.contains(":") || first == "localhost"
        return isHost ? String(first) : "docker.io"
    }
}

extension ImageReference: CustomStringConvertible {
    public var description: String {
        repository + (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "")
    }
}
