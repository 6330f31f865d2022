import RoadsteadBasics

/// Holds a Compose file against the table of what each place may hold; reports everything that does not fit, and keeps
/// note of what a Swarm will ignore.
struct SchemaChecker {
    let log: ProblemLog
    /// What is known, and a Swarm cannot do.
    private(set) var findings: [UnsupportedFinding] = []

    init(log: ProblemLog) { self.log = log }

    /// A whole file.
    mutating func check(_ root: YAMLNode) {
        check(root, against: ComposeSchema.file, at: NodePath(), UnsupportedKey.tree)
    }

    private mutating func check(
        _ node: YAMLNode, against shape: Shape, at path: NodePath, _ unsupported: PathTree<UnsupportedKey>?
    ) {
        guard !node.isBroken, node.mergeTag != .reset, !shape.isAnything else { return }
        let origin = Origin(path: path, position: node.position)
        switch node.value {
        case .list(let nodes):
            guard let list = shape.list else { return refuse(origin, shape) }
            check(nodes, against: list, at: origin, unsupported?.element)
        case .mapping(let mapping):
            guard let shape = shape.mapping else { return refuse(origin, shape) }
            check(mapping, against: shape, at: origin, unsupported)
        default:
            guard accepts(node, shape.scalars) else { return refuse(origin, shape, node) }
            if let format = shape.format, !node.isNull, let text = node.text, let problem = format.problem(with: text) {
                log.add(problem, at: origin, hint: format.hint)
            }
        }
    }

    private mutating func check(
        _ nodes: [YAMLNode], against shape: ListShape, at origin: Origin, _ unsupported: PathTree<UnsupportedKey>?
    ) {
        for (index, node) in nodes.enumerated() {
            check(node, against: shape.element, at: origin.path.index(index), unsupported)
        }
        guard shape.isUnique else { return }
        var seen: [YAMLNode: Int] = [:]
        for (index, node) in nodes.enumerated() where !node.isBroken {
            if let first = seen.updateValue(index, forKey: node) {
                log.add("array items[\(first),\(index)] must be unique", at: node.position, path: origin.path)
            }
        }
    }

    private mutating func check(
        _ mapping: YAMLMapping, against shape: MappingShape, at origin: Origin,
        _ unsupported: PathTree<UnsupportedKey>?
    ) {
        for entry in mapping.entries {
            let path = origin.path.key(entry.key)
            let unsupported = unsupported?.key(entry.key)
            note(unsupported?.value, entry, path)
            if let value = shape.keys[entry.key] {
                check(entry.value, against: value, at: path, unsupported)
            } else {
                check(other: entry, in: shape, at: path, unsupported)
            }
        }
        for name in shape.required where mapping[name] == nil { log.add("\(name) is required", at: origin) }
    }

    private mutating func check(
        other entry: YAMLMapping.Entry, in shape: MappingShape, at path: NodePath,
        _ unsupported: PathTree<UnsupportedKey>?
    ) {
        switch shape.others {
        case .any(let value): check(entry.value, against: value, at: path, unsupported)
        case .named(let value):
            guard entry.key.utf8.allSatisfy(Self.isNameByte), !entry.key.isEmpty else {
                return refuse(entry, path, hint: "names consist of letters, digits, '.', '_' and '-'")
            }
            check(entry.value, against: value, at: path, unsupported)
        case .extensions:
            if !entry.key.hasPrefix("x-") { refuse(entry, path, hint: hint(for: entry.key, in: shape)) }
        }
    }

    private func refuse(_ entry: YAMLMapping.Entry, _ path: NodePath, hint: String?) {
        log.add("Additional property \(entry.key) is not allowed", at: entry.position, path: path, hint: hint)
    }

    private func hint(for key: String, in shape: MappingShape) -> String? {
        if log.isFull { return nil }
        return NearestKey.find(key, among: shape.keys.keys).map { "did you mean \($0)?" }
    }

    // MARK: - Scalars

    private func accepts(_ node: YAMLNode, _ scalars: Shape.Scalars) -> Bool {
        switch node.value {
        case .null: scalars.contains(.null)
        case .bool: scalars.contains(.boolean)
        case .string: scalars.contains(.string)
        case .integer: !scalars.isDisjoint(with: [.integer, .number])
        case .number: scalars.contains(.number) || (scalars.contains(.integer) && node.integer != nil)
        case .list, .mapping: false
        }
    }

    private func refuse(_ origin: Origin, _ shape: Shape, _ node: YAMLNode? = nil) {
        log.add("must be \(Self.article(shape.description))", at: origin, hint: node.flatMap { hint($0, shape) })
    }

    private func hint(_ node: YAMLNode, _ shape: Shape) -> String? {
        guard let text = node.text, !node.isNull else { return nil }
        if node.string == nil, shape.scalars.contains(.string) { return "put it in quotes: \"\(text)\"" }
        if node.string != nil, shape.scalars.contains(.integer), Int64(text) != nil {
            return "write \(text) without quotes"
        }
        return nil
    }

    private static func article(_ text: String) -> String {
        guard let first = text.first else { return text }
        return ("aeiou".contains(first) ? "an " : "a ") + text
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    // MARK: - What a Swarm cannot do

    /// A key whose value says nothing asks for nothing.
    private mutating func note(_ key: UnsupportedKey?, _ entry: YAMLMapping.Entry, _ path: NodePath) {
        guard let key, entry.value.mergeTag != .reset else { return }
        switch entry.value.value {
        case .null, .bool(false), .string(""), .list([]): return
        case .mapping(let mapping) where mapping.entries.isEmpty: return
        default: break
        }
        findings.append(
            UnsupportedFinding(
                key: key, origin: Origin(path: path, position: entry.position), service: path.service))
    }
}

extension Shape {
    /// The kinds that fit, for messages: `string, list or mapping`.
    fileprivate var description: String {
        var kinds: [String] = []
        if scalars.contains(.string) { kinds.append("string") }
        if scalars.contains(.integer) { kinds.append("integer") }
        if scalars.contains(.number) { kinds.append("number") }
        if scalars.contains(.boolean) { kinds.append("boolean") }
        if list != nil { kinds.append("list") }
        if mapping != nil { kinds.append("mapping") }
        if scalars.contains(.null) { kinds.append("null") }
        guard let last = kinds.popLast() else { return "nothing" }
        return kinds.isEmpty ? last : kinds.joined(separator: ", ") + " or " + last
    }
}
