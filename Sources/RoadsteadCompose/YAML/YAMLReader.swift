import Yams

/// Reads one YAML document into nodes with places.
///
/// Yams would expand aliases while it parses, and hash whole expanded trees where they stand as keys: a few lines could
/// keep it busy for ever. So `*name` is hidden from it behind a private-use character, and aliases are expanded here,
/// where what they cost is counted (`AliasBombTests`).
struct YAMLReader {
    let file: String
    let limits: YAMLLimits
    private var anchors: [String: Expansion] = [:]
    private var nodeCount = 0
    private let mark: Unicode.Scalar

    /// A node, and what it stands for after expansion.
    private struct Expansion {
        var node: YAMLNode
        var nodeCount: Int
        var depth: Int
    }

    /// Long texts count like several nodes: aliases multiply them too.
    private static let bytesPerNode = 128

    private init(file: String, limits: YAMLLimits, mark: Unicode.Scalar) {
        self.file = file
        self.limits = limits
        self.mark = mark
    }

    /// The document's root; null when the text holds none. Throws the first problem: behind it nothing is certain.
    static func read(
        _ text: String, file: String, limits: YAMLLimits = YAMLLimits()
    ) throws(ComposeProblem) -> YAMLNode {
        guard text.utf8.count <= limits.size else {
            throw ComposeProblem(
                file: file, line: 0, column: 0, path: "",
                message: "is \(text.utf8.count) bytes long; a Compose file may have \(limits.size) at most")
        }
        guard !text.utf8.contains(UInt8(ascii: "?")) || ComplexKeys.count(in: text) <= ComplexKeys.limit else {
            throw ComposeProblem(
                file: file, line: 0, column: 0, path: "",
                message: "has more than \(ComplexKeys.limit) keys that are lists or mappings; a key must be a text")
        }
        let mark = AliasMark.unused(in: text)
        var reader = YAMLReader(file: file, limits: limits, mark: mark)
        // Anchors live as long as the parser: nodes hold them weakly.
        let (parser, root) = try reader.parse(AliasMark.hide(text, behind: mark), original: text)
        return try withExtendedLifetime(parser) { () throws(ComposeProblem) -> YAMLNode in
            guard let root else { return YAMLNode(.null, at: SourcePosition(file: file, line: 1, column: 1)) }
            return try reader.convert(root, depth: 0).node
        }
    }

    private func parse(_ text: String, original: String) throws(ComposeProblem) -> (Parser?, Node?) {
        do {
            let parser = try Parser(yaml: text)
            return (parser, try parser.singleRoot())
        } catch {
            throw YAMLSyntaxProblem.problem(error, file: file, text: original)
        }
    }

    // MARK: - Nodes

    private mutating func convert(_ node: Node, depth: Int) throws(ComposeProblem) -> Expansion {
        let place = position(node.mark)
        guard depth < limits.depth else {
            throw problem("is nested more than \(limits.depth) levels deep", at: place)
        }
        let before = nodeCount
        try count(1, at: place)
        let converted: (YAMLNode.Value, Int)
        switch node {
        case .scalar(let scalar):
            if let name = aliasName(scalar) { return try expand(name, at: place, depth: depth) }
            try count(scalar.string.utf8.count / Self.bytesPerNode, at: place)
            converted = (try value(of: scalar, at: place), 0)
        case .sequence(let sequence): converted = try list(sequence, at: place, depth: depth)
        case .mapping(let mapping): converted = try self.mapping(mapping, at: place, depth: depth)
        case .alias: throw problem("alias where none can be", at: place)
        }
        var made = YAMLNode(converted.0, at: place)
        made.mergeTag = node.mergeTag
        let expansion = Expansion(node: made, nodeCount: nodeCount - before, depth: converted.1 + 1)
        if let anchor = node.anchor { anchors[anchor.rawValue] = expansion }
        return expansion
    }

    private mutating func list(
        _ sequence: Node.Sequence, at place: SourcePosition, depth: Int
    ) throws(ComposeProblem) -> (YAMLNode.Value, Int) {
        try refuseTag(sequence.tag, except: .seq, at: place)
        var nodes: [YAMLNode] = []
        var deepest = 0
        for element in sequence {
            let expansion = try convert(element, depth: depth + 1)
            nodes.append(expansion.node)
            deepest = max(deepest, expansion.depth)
        }
        return (.list(nodes), deepest)
    }

    private mutating func mapping(
        _ mapping: Node.Mapping, at place: SourcePosition, depth: Int
    ) throws(ComposeProblem) -> (YAMLNode.Value, Int) {
        try refuseTag(mapping.tag, except: .map, at: place)
        var merger = YAMLMerger()
        var deepest = 0
        for (key, value) in mapping {
            let keyPlace = position(key.mark)
            let name = try keyName(key, at: keyPlace)
            let expansion = try convert(value, depth: depth + 1)
            deepest = max(deepest, expansion.depth)
            if let failure = merger.add(name, value: expansion.node, at: keyPlace) {
                throw problem(failure, at: keyPlace)
            }
        }
        return (.mapping(merger.mapping), deepest)
    }

    /// The key's text, nil for the merge key `<<`.
    private func keyName(_ key: Node, at place: SourcePosition) throws(ComposeProblem) -> String? {
        guard case .scalar(let scalar) = key else {
            throw problem("a key must be a text, not a list or mapping", at: place)
        }
        if aliasName(scalar) != nil { throw problem("an alias cannot be a key", at: place) }
        let text = AliasMark.restore(scalar.string, mark: mark)
        // The tag says nothing here: Yams has resolved it when it compared the keys.
        guard scalar.style == .plain else { return text }
        if text == "<<" { return nil }
        guard case .string = YAMLScalarResolver.resolve(text) else {
            throw problem("Non-string key \(text)", at: place, hint: "put it in quotes: \"\(text)\"")
        }
        return text
    }

    // MARK: - Aliases

    /// A plain scalar that begins with the mark was `*name`.
    private func aliasName(_ scalar: Node.Scalar) -> String? {
        guard scalar.style == .plain, scalar.string.unicodeScalars.first == mark else { return nil }
        return AliasMark.restore(String(scalar.string.unicodeScalars.dropFirst()), mark: mark)
    }

    private mutating func expand(
        _ name: String, at place: SourcePosition, depth: Int
    ) throws(ComposeProblem) -> Expansion {
        guard var expansion = anchors[name] else {
            throw problem(
                "unknown anchor '\(name)' referenced", at: place, hint: "define &\(name) above this line")
        }
        guard depth + expansion.depth <= limits.depth else {
            throw problem("is nested more than \(limits.depth) levels deep", at: place)
        }
        try count(expansion.nodeCount, at: place)
        expansion.node.position = place
        return expansion
    }

    private mutating func count(_ nodes: Int, at place: SourcePosition) throws(ComposeProblem) {
        nodeCount += nodes
        guard nodeCount <= limits.nodes else {
            throw problem("stands for more than \(limits.nodes) values when its aliases are expanded", at: place)
        }
    }

    // MARK: - Scalars

    private func value(of scalar: Node.Scalar, at place: SourcePosition) throws(ComposeProblem) -> YAMLNode.Value {
        let text = AliasMark.restore(scalar.string, mark: mark)
        switch scalar.tag.rawValue {
        case MergeTag.reset.rawValue, MergeTag.replace.rawValue:
            return scalar.style == .plain ? YAMLScalarResolver.resolve(text) : .string(text)
        case "": return scalar.style == .plain ? YAMLScalarResolver.resolve(text) : .string(text)
        case "!", "tag:yaml.org,2002:str": return .string(text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            return YAMLScalarResolver.resolve(text)
        case let tag: throw unknownTag(tag, at: place)
        }
    }

    private func refuseTag(_ tag: Tag, except name: Tag.Name, at place: SourcePosition) throws(ComposeProblem) {
        guard ["", "!", name.rawValue].contains(tag.rawValue) || MergeTag(rawValue: tag.rawValue) != nil else {
            throw unknownTag(tag.rawValue, at: place)
        }
    }

    private func unknownTag(_ tag: String, at place: SourcePosition) -> ComposeProblem {
        problem("the YAML tag \(tag) is not supported", at: place)
    }

    // MARK: - Places

    private func position(_ mark: Mark?) -> SourcePosition {
        SourcePosition(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    private func problem(_ message: String, at place: SourcePosition, hint: String? = nil) -> ComposeProblem {
        ComposeProblem(
            file: file, line: place.line, column: place.column, path: "", message: "yaml: " + message, hint: hint)
    }
}

extension Node {
    fileprivate var mergeTag: MergeTag? {
        switch self {
        case .scalar(let scalar): MergeTag(rawValue: scalar.tag.rawValue)
        case .sequence(let sequence): MergeTag(rawValue: sequence.tag.rawValue)
        case .mapping(let mapping): MergeTag(rawValue: mapping.tag.rawValue)
        case .alias: nil
        }
    }
}
