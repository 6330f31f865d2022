/// A node of a YAML document with its place in the file: aliases expanded, merge keys merged, scalars typed.
struct YAMLNode: Sendable {
    indirect enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        /// A number that is no `Int64`, and how Go prints it (docker passes numbers on as such texts).
        case number(Double, text: String)
        case string(String)
        case list([YAMLNode])
        case mapping(YAMLMapping)
    }

    var value: Value
    var position: SourcePosition
    /// Set when a problem with this node was already reported; nobody reports a second one for it.
    var isBroken = false
    /// Set by `!reset` and `!override`.
    var mergeTag: MergeTag?

    init(_ value: Value, at position: SourcePosition) {
        self.value = value
        self.position = position
    }
}

extension YAMLNode: Hashable {
    /// By value; the place does not count.
    static func == (left: YAMLNode, right: YAMLNode) -> Bool { left.value == right.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// A mapping in the order of the file. No key comes twice.
struct YAMLMapping: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var key: String
        /// Where the key stands.
        var position: SourcePosition
        var value: YAMLNode

        static func == (left: Entry, right: Entry) -> Bool { left.key == right.key && left.value == right.value }

        func hash(into hasher: inout Hasher) {
            hasher.combine(key)
            hasher.combine(value)
        }
    }

    var entries: [Entry]

    subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }
}

extension YAMLNode {
    var isNull: Bool { value == .null }
    var string: String? { if case .string(let text) = value { text } else { nil } }
    var bool: Bool? { if case .bool(let flag) = value { flag } else { nil } }
    var list: [YAMLNode]? { if case .list(let nodes) = value { nodes } else { nil } }
    var mapping: YAMLMapping? { if case .mapping(let mapping) = value { mapping } else { nil } }

    /// The integer, also when it was written as a number without a fraction.
    var integer: Int64? {
        switch value {
        case .integer(let number): number
        case .number(let number, _): Int64(exactly: number)
        default: nil
        }
    }

    var double: Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number, _): number
        default: nil
        }
    }

    /// A scalar as docker passes it on where a text is wanted: numbers as Go prints them, null as the empty text.
    var text: String? {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(_, let text): text
        case .string(let text): text
        case .list, .mapping: nil
        }
    }

    subscript(key: String) -> YAMLNode? { mapping?[key] }

    /// Nodes in it, itself among them.
    var count: Int {
        switch value {
        case .list(let nodes): nodes.reduce(1) { $0 + $1.count }
        case .mapping(let mapping): mapping.entries.reduce(1) { $0 + $1.value.count }
        default: 1
        }
    }
}
