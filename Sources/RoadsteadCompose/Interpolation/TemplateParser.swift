/// Reads the variables of one text; see `Template` for the forms.
struct TemplateParser {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var ambiguousNames: [String] = []
    private var depth = 0
    private let keepsLoneDollars: Bool

    /// Braces within defaults within braces; nobody means more than this.
    private static let maximumDepth = 16

    init(_ text: String, keepsLoneDollars: Bool = false) {
        bytes = Array(text.utf8)
        self.keepsLoneDollars = keepsLoneDollars
    }

    /// Parts up to the end, or up to the closing brace of the modifier that this is the word of.
    mutating func parse(untilBrace: Bool) throws(Template.FormatError) -> [Template.Part] {
        var parts: [Template.Part] = []
        var text: [UInt8] = []
        func flush() {
            if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
            text = []
        }
        while let byte = peek(), !(untilBrace && byte == UInt8(ascii: "}")) {
            position += 1
            guard byte == UInt8(ascii: "$") else {
                text.append(byte)
                continue
            }
            if take(UInt8(ascii: "$")) || keepsLoneDollars && !isVariableNext {
                text.append(byte)
            } else {
                flush()
                parts.append(try variable())
            }
        }
        flush()
        return parts
    }

    private mutating func variable() throws(Template.FormatError) -> Template.Part {
        guard take(UInt8(ascii: "{")) else {
            let name = try name()
            if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "?") || isColonModifierNext {
                ambiguousNames.append(name)
            }
            return .variable(name: name, modifier: nil)
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw Template.FormatError(offset: position) }
        let name = try name()
        let modifier = take(UInt8(ascii: "}")) ? nil : try modifier()
        return .variable(name: name, modifier: modifier)
    }

    private var isVariableNext: Bool {
        peek().map { $0 == UInt8(ascii: "{") || Self.isNameByte($0, first: true) } ?? false
    }

    private var isColonModifierNext: Bool {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: ":") else { return false }
        return bytes[position + 1] == UInt8(ascii: "-") || bytes[position + 1] == UInt8(ascii: "?")
    }

    private mutating func modifier() throws(Template.FormatError) -> Template.Modifier {
        let treatsEmptyAsUnset = take(UInt8(ascii: ":"))
        let kind: Template.Modifier.Kind
        switch peek() {
        case UInt8(ascii: "-"): kind = .useDefault
        case UInt8(ascii: "?"): kind = .require
        case UInt8(ascii: "+"): kind = .replace
        default: throw Template.FormatError(offset: position)
        }
        position += 1
        let word = Template(parts: try parse(untilBrace: true))
        guard take(UInt8(ascii: "}")) else { throw Template.FormatError(offset: position) }
        return Template.Modifier(kind: kind, treatsEmptyAsUnset: treatsEmptyAsUnset, word: word)
    }

    /// A letter or underscore, then letters, digits and underscores.
    private mutating func name() throws(Template.FormatError) -> String {
        let start = position
        while let byte = peek(), Self.isNameByte(byte, first: position == start) { position += 1 }
        guard position > start else { throw Template.FormatError(offset: position) }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), 65...90, 97...122: true
        case 48...57: !first
        default: false
        }
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }
}
