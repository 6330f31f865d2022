import RoadsteadBasics
import Yams

/// Documents as YAML, members in their own order.
enum YAMLText {
    static func text(_ value: JSONValue) throws -> String {
        try Yams.serialize(node: node(value), indent: 2, width: -1, allowUnicode: true, sortKeys: false)
    }

    private static func node(_ value: JSONValue) throws -> Node {
        switch value {
        case .null: Node("null", Tag(.null))
        case .bool(let value): try value.represented()
        case .integer(let value): try value.represented()
        case .number(let value): try value.represented()
        case .string(let value): try string(value)
        case .array(let elements): Node(try elements.map(node), Tag(.seq), elements.isEmpty ? .flow : .block)
        case .object(let object):
            Node(
                try object.members.map { (try string($0.key), try node($0.value)) }, Tag(.map),
                object.isEmpty ? .flow : .block)
        }
    }

    /// A text with several lines as a literal block, one that looks like a number in quotes.
    private static func string(_ text: String) throws -> Node {
        guard text.contains("\n") else { return try text.represented() }
        return Node(text, Tag(.str), .literal)
    }
}
