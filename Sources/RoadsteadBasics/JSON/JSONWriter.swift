/// How a JSON text is laid out.
public struct JSONStyle: Sendable {
    /// Two spaces a level and one member a line, instead of no blanks at all.
    public var isPretty: Bool
    /// Members by key instead of in their own order: for hashes and comparisons.
    public var hasSortedKeys: Bool

    public init(isPretty: Bool = false, hasSortedKeys: Bool = false) {
        self.isPretty = isPretty
        self.hasSortedKeys = hasSortedKeys
    }

    public static let compact = JSONStyle()
    public static let pretty = JSONStyle(isPretty: true)
    public static let canonical = JSONStyle(hasSortedKeys: true)
}

extension JSONValue {
    /// The JSON text in UTF-8. A number that JSON cannot say (infinity, not-a-number) becomes `null`.
    public func serialized(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self, depth: 0)
        return writer.bytes
    }

    public func text(_ style: JSONStyle = .compact) -> String { String(decoding: serialized(style), as: UTF8.self) }
}

struct JSONWriter {
    let style: JSONStyle
    var bytes: [UInt8] = []

    init(style: JSONStyle) {
        self.style = style
        bytes.reserveCapacity(1024)
    }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value): bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
        case .string(let value): write(string: value)
        case .array(let elements): write(elements, depth: depth + 1)
        case .object(let object): write(object, depth: depth + 1)
        }
    }

    private mutating func write(_ elements: [JSONValue], depth: Int) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            separate(index, depth: depth)
            write(element, depth: depth)
        }
        close(UInt8(ascii: "]"), isEmpty: elements.isEmpty, depth: depth)
    }

    private mutating func write(_ object: JSONObject, depth: Int) {
        bytes.append(UInt8(ascii: "{"))
        let members = style.hasSortedKeys ? object.members.sorted { $0.key < $1.key } : object.members
        for (index, member) in members.enumerated() {
            separate(index, depth: depth)
            write(string: member.key)
            bytes.append(UInt8(ascii: ":"))
            if style.isPretty { bytes.append(UInt8(ascii: " ")) }
            write(member.value, depth: depth)
        }
        close(UInt8(ascii: "}"), isEmpty: members.isEmpty, depth: depth)
    }

    private mutating func separate(_ index: Int, depth: Int) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        if style.isPretty { breakLine(depth) }
    }

    private mutating func close(_ bracket: UInt8, isEmpty: Bool, depth: Int) {
        if style.isPretty, !isEmpty { breakLine(depth - 1) }
        bytes.append(bracket)
    }

    private mutating func breakLine(_ depth: Int) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func write(string: String) {
        var string = string
        bytes.append(UInt8(ascii: "\""))
        string.withUTF8 { utf8 in
            var start = 0
            for index in utf8.indices where utf8[index] < 0x20 || utf8[index] == 0x22 || utf8[index] == 0x5C {
                bytes.append(contentsOf: utf8[start..<index])
                write(escaped: utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        default:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: ("\\u00" + (byte < 16 ? "0" : "") + digits).utf8)
        }
    }
}
