/// Reads one XML document from bytes that are UTF-8.
struct XMLReader {
    struct Malformed: Error {}

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private static let deepest = 64

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(Malformed) -> XMLElement {
        try skipMisc()
        let root = try element(depth: 0)
        try skipMisc()
        guard index == bytes.count else { throw Malformed() }
        return root
    }

    /// White space, comments and instructions.
    private mutating func skipMisc() throws(Malformed) {
        while index < bytes.count {
            if isSpace(bytes[index]) {
                index += 1
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else {
                return
            }
        }
    }

    private mutating func element(depth: Int) throws(Malformed) -> XMLElement {
        guard depth < Self.deepest, take("<") else { throw Malformed() }
        var element = XMLElement(name: try name())
        guard try !skipAttributes() else { return element }
        var text: [UInt8] = []
        while index < bytes.count {
            if bytes[index] != UInt8(ascii: "<") {
                try readText(into: &text)
            } else if take("</") {
                guard try name() == element.name else { throw Malformed() }
                skipSpace()
                guard take(">") else { throw Malformed() }
                element.text = String(decoding: text, as: UTF8.self)
                return element
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                let start = index
                try skip(past: "]]>")
                text += bytes[start..<index - 3]
            } else if starts("<?") {
                try skip(past: "?>")
            } else {
                element.children.append(try self.element(depth: depth + 1))
            }
        }
        throw Malformed()
    }

    private mutating func name() throws(Malformed) -> String {
        let start = index
        while index < bytes.count, isName(bytes[index]) { index += 1 }
        guard index > start else { throw Malformed() }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// To the end of a tag; true when it closes itself (`<name/>`).
    private mutating func skipAttributes() throws(Malformed) -> Bool {
        while index < bytes.count {
            skipSpace()
            if take("/>") { return true }
            if take(">") { return false }
            _ = try name()
            skipSpace()
            guard take("=") else { throw Malformed() }
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
                throw Malformed()
            }
            let quote = bytes[index]
            index += 1
            while index < bytes.count, bytes[index] != quote { index += 1 }
            index += 1
        }
        throw Malformed()
    }

    /// Up to the next tag.
    private mutating func readText(into text: inout [UInt8]) throws(Malformed) {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "<"), bytes[index] != UInt8(ascii: "&") { index += 1 }
        text += bytes[start..<index]
        guard index < bytes.count, bytes[index] == UInt8(ascii: "&") else { return }
        text += Array(try entity().utf8)
    }

    private mutating func entity() throws(Malformed) -> String {
        let start = index + 1
        try skip(past: ";")
        let name = String(decoding: bytes[start..<index - 1], as: UTF8.self)
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#"),
                let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst()),
                let scalar = Unicode.Scalar(number)
            else { throw Malformed() }
            return String(Character(scalar))
        }
    }

    // MARK: - Bytes

    private func starts(_ mark: StaticString) -> Bool {
        let length = mark.utf8CodeUnitCount
        guard index + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[index + offset] != mark.utf8Start[offset] { return false }
        return true
    }

    private mutating func take(_ mark: StaticString) -> Bool {
        guard starts(mark) else { return false }
        index += mark.utf8CodeUnitCount
        return true
    }

    private mutating func skip(past mark: StaticString) throws(Malformed) {
        while index < bytes.count {
            if take(mark) { return }
            index += 1
        }
        throw Malformed()
    }

    private mutating func skipSpace() {
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

    private func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...58, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 128...255: true
        default: false
        }
    }
}
