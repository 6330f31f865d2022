/// Takes `!reset` and `!override` out of a file, and notes where they stood.
struct MergeTags {
    let log: ProblemLog
    private(set) var resets = ResetTree()

    init(log: ProblemLog) { self.log = log }

    /// The node without tags and without what they reset; nil when that is all of it.
    mutating func strip(_ node: YAMLNode, at path: NodePath = NodePath()) -> YAMLNode? {
        var result = node
        result.mergeTag = nil
        if let tag = node.mergeTag {
            if path.components.contains(where: \.isIndex) {
                log.add(
                    "\(tag.rawValue) counts for the value of a key, not within a list", at: node.position, path: path,
                    hint: "put it in front of the whole list")
            }
            resets.insert(path)
            if tag == .reset { return nil }
        }
        switch node.value {
        case .list(let nodes):
            var kept: [YAMLNode] = []
            for (index, item) in nodes.enumerated() {
                if let item = strip(item, at: path.index(index)) { kept.append(item) }
            }
            result.value = .list(kept)
        case .mapping(let mapping):
            var kept: [YAMLMapping.Entry] = []
            for var entry in mapping.entries {
                guard let value = strip(entry.value, at: path.key(entry.key)) else { continue }
                entry.value = value
                kept.append(entry)
            }
            result.value = .mapping(YAMLMapping(entries: kept))
        default: break
        }
        return result
    }
}
