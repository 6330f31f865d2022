/// A piece of a filter, with the character position (from 0) where it begins.
struct FilterToken: Hashable {
    enum Kind: Hashable {
        case name(String)
        case string(String)
        case number(String)
        /// Digits with hyphens, and a time perhaps: `2026-11-05T00:00:00Z`.
        case date(String)
        case `operator`(String)
        case open, close, openList, closeList, comma
    }

    let kind: Kind
    let position: Int
}

/// Splits the text of a filter into tokens. Blanks between tokens do not count.
struct FilterLexer {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func tokens() throws(FilterParseError) -> [FilterToken] {
        var tokens: [FilterToken] = []
        while let token = try next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() throws(FilterParseError) -> FilterToken? {
        while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
        guard let byte = peek() else { return nil }
        let start = position
        let kind: FilterToken.Kind
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): kind = try string(quote: byte)
        case 48...57: kind = number()
        case 65...90, 97...122, UInt8(ascii: "@"): kind = .name(name())
        default: kind = try punctuation(byte)
        }
        return FilterToken(kind: kind, position: start)
    }

    private func peek(_ ahead: Int = 0) -> UInt8? { position + ahead < bytes.count ? bytes[position + ahead] : nil }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }

    /// Up to the same quote. A backslash protects what follows and stays in the value, as in Nuvla.
    private mutating func string(quote: UInt8) throws(FilterParseError) -> FilterToken.Kind {
        let start = position
        position += 1
        while let byte = peek(), byte != quote { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard position < bytes.count else { throw FilterParseError(start, "this quote is not closed") }
        position += 1
        return .string(String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self))
    }

    private mutating func number() -> FilterToken.Kind {
        let start = position
        var isDate = false
        while let byte = peek(), Self.isDateByte(byte) || (isDate && Self.isTimeByte(byte)) {
            if byte == UInt8(ascii: "-") { isDate = true }
            position += 1
        }
        return isDate ? .date(text(from: start)) : .number(text(from: start))
    }

    private static func isDateByte(_ byte: UInt8) -> Bool { (48...57).contains(byte) || byte == UInt8(ascii: "-") }

    private static func isTimeByte(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "T"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "Z"), UInt8(ascii: "+")].contains(byte)
    }

    /// Letters, digits, `_`, `-`, and the joints `:` and `/`; `FilterAttribute` says which of them are legal.
    private mutating func name() -> String {
        let start = position
        while let byte = peek(), Self.isNameByte(byte) { position += 1 }
        return text(from: start)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "@"): true
        default: false
        }
    }

    private mutating func punctuation(_ byte: UInt8) throws(FilterParseError) -> FilterToken.Kind {
        let two = peek(1).map { String(decoding: [byte, $0], as: UTF8.self) } ?? ""
        if ["!=", "<=", ">=", "^=", "=="].contains(two) {
            position += 2
            return .operator(two)
        }
        let kinds: [UInt8: FilterToken.Kind] = [
            UInt8(ascii: "("): .open, UInt8(ascii: ")"): .close, UInt8(ascii: "["): .openList,
            UInt8(ascii: "]"): .closeList, UInt8(ascii: ","): .comma, UInt8(ascii: "="): .operator("="),
            UInt8(ascii: "<"): .operator("<"), UInt8(ascii: ">"): .operator(">"),
        ]
        guard let kind = kinds[byte] else {
            let character = Character(Unicode.Scalar(byte))
            throw FilterParseError(position, "'\(byte < 0x80 ? String(character) : "?")' does not belong here")
        }
        position += 1
        return kind
    }
}
