/// Puts the entries of one YAML mapping together, with what its merge keys (`<<`) bring in.
///
/// What the mapping says itself wins over what is merged, wherever it stands; of several merged mappings the earlier one
/// wins (yaml.org/type/merge.html).
struct YAMLMerger {
    private var own: [YAMLMapping.Entry] = []
    private var merged: [YAMLMapping.Entry] = []
    private var keys: [String: Int] = [:]

    /// Adds an entry, or merges when `key` is nil. What is wrong with it, or nil.
    mutating func add(_ key: String?, value: YAMLNode, at position: SourcePosition) -> String? {
        guard let key else { return merge(value) }
        if let line = keys.updateValue(position.line, forKey: key) {
            return "mapping key \"\(key)\" already defined at line \(line)"
        }
        own.append(YAMLMapping.Entry(key: key, position: position, value: value))
        return nil
    }

    private mutating func merge(_ node: YAMLNode) -> String? {
        let sources = node.list ?? [node]
        for source in sources {
            guard let mapping = source.mapping else { return "map merge requires map or sequence of maps as the value" }
            merged += mapping.entries
        }
        return nil
    }

    var mapping: YAMLMapping {
        var seen = Set(keys.keys)
        return YAMLMapping(entries: own + merged.filter { seen.insert($0.key).inserted })
    }
}
