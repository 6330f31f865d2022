extension ImageReference {
    /// The registry that serves it; Docker Hub is `docker.io`.
    public var registry: String { String(repository.prefix { $0 != "/" }) }

    /// Bound to one content: what every node then pulls, whatever the tag points to later. As the engine gets it.
    public func pinned(to digest: String) -> String {
        let name = familiar
        return String(name.prefix { $0 != "@" }) + "@" + digest
    }

    /// Whether both name the same repository and tag; digests do not count.
    public func hasSameTag(as other: ImageReference) -> Bool {
        repository == other.repository && effectiveTag == other.effectiveTag
    }

    private var effectiveTag: String? { tag ?? (digest == nil ? "latest" : nil) }
}
