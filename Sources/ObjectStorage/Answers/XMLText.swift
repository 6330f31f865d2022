/// As much of XML as S3's answers need: the texts of elements by name. No attributes, no entities but the five of XML
/// and character numbers, so that nothing in an answer can make it grow.
struct XMLText: Sendable {
    let text: Substring

    init(_ text: Substring) { self.text = text }

    /// nil for bytes that are no UTF-8.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self.init(text[...])
    }

    /// The inside of every element of this name, in order; nested ones of the same name are not looked for.
    func elements(_ name: String) -> [XMLText] {
        var found: [XMLText] = []
        var rest = text
        while let start = Self.opening(name, in: rest) {
            guard !start.isEmpty else {
                found.append(XMLText(""))
                rest = rest[start.end...]
                continue
            }
            guard let close = rest[start.end...].firstRange(of: "</\(name)>") else { return found }
            found.append(XMLText(rest[start.end..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        return found
    }

    func first(_ name: String) -> XMLText? { elements(name).first }

    /// The text with its entities read.
    var value: String {
        guard text.contains("&") else { return String(text) }
        var value = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&") {
            value += rest[..<mark]
            guard let end = rest[mark...].firstIndex(of: ";"), let character = Self.entity(rest[mark..<end].dropFirst())
            else {
                value += "&"
                rest = rest[rest.index(after: mark)...]
                continue
            }
            value.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return value + rest
    }

    /// Where the element's inside begins; `isEmpty` for `<Name/>`.
    private static func opening(_ name: String, in text: Substring) -> (end: Substring.Index, isEmpty: Bool)? {
        var rest = text
        while let range = rest.firstRange(of: "<" + name) {
            let tail = rest[range.upperBound...]
            guard let end = tail.firstIndex(of: ">") else { return nil }
            if let next = tail.first, next == ">" || next == "/" || next.isWhitespace {
                return (tail.index(after: end), tail[..<end].last == "/")
            }
            rest = tail
        }
        return nil
    }

    private static func entity(_ name: Substring) -> Character? {
        switch name {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        default: number(name).flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }

    private static func number(_ name: Substring) -> UInt32? {
        guard name.hasPrefix("#") else { return nil }
        return name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
    }
}
