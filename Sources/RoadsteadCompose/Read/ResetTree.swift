/// Places whose values go, as a tree: one pass over a file takes all of them away, however many there are.
struct ResetTree: Hashable, Sendable {
    private var isEnd = false
    private var children: [String: ResetTree] = [:]

    var isEmpty: Bool { !isEnd && children.isEmpty }

    mutating func insert(_ path: NodePath) { insert(path.components[...]) }

    private mutating func insert(_ path: ArraySlice<NodePath.Component>) {
        guard let first = path.first else { return isEnd = true }
        guard case .key(let key) = first else { return }
        children[key, default: ResetTree()].insert(path.dropFirst())
    }

    mutating func formUnion(_ other: ResetTree) {
        isEnd = isEnd || other.isEnd
        children.merge(other.children) { base, more in
            var both = base
            both.formUnion(more)
            return both
        }
    }

    /// What of it is within `keys`.
    func within(_ keys: String...) -> ResetTree {
        var whole = ResetTree()
        whole.isEnd = true
        return keys.reduce(self) { tree, key in tree.isEnd ? whole : tree.children[key] ?? ResetTree() }
    }

    /// Without the place itself: only what is within it.
    var inner: ResetTree {
        var inner = self
        inner.isEnd = false
        return inner
    }

    /// Whether the place, or one that it is in, goes.
    func covers(_ path: ArraySlice<NodePath.Component>) -> Bool {
        if isEnd { return true }
        guard case .key(let key)? = path.first, let child = children[key] else { return false }
        return child.covers(path.dropFirst())
    }

    /// The node without what goes; nil when that is all of it. Lists of `name=value` texts, or of names, count as mappings.
    func prune(_ node: YAMLNode) -> YAMLNode? {
        if isEnd { return nil }
        guard !children.isEmpty else { return node }
        var result = node
        if let mapping = node.mapping {
            let entries = mapping.entries.compactMap { entry -> YAMLMapping.Entry? in
                guard let child = children[entry.key] else { return entry }
                guard let value = child.prune(entry.value) else { return nil }
                return YAMLMapping.Entry(key: entry.key, position: entry.position, value: value)
            }
            result.value = .mapping(YAMLMapping(entries: entries))
        } else if let list = node.list {
            result.value = .list(list.filter { $0.string.map { !takesEntry($0) } ?? true })
        }
        return result
    }

    private func takesEntry(_ text: String) -> Bool {
        let name = text.prefix { $0 != "=" && $0 != ":" }
        return children[text]?.isEnd == true || children[String(name)]?.isEnd == true
    }
}
