/// Types plain scalars as go-yaml version 3 does, which docker reads Compose files with: YAML 1.2 with the octal
/// numbers of 1.1 (`0777`), and without its `yes` and `no`.
///
/// One deviation: a date stays the text it is, where docker makes a timestamp of it and prints that.
enum YAMLScalarResolver {
    static func resolve(_ text: String) -> YAMLNode.Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .number(.nan, text: "NaN")
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity, text: "+Inf")
        case "-.inf", "-.Inf", "-.INF": return .number(-.infinity, text: "-Inf")
        default: return number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> YAMLNode.Value? {
        guard let first = text.utf8.first, isNumberStart(first) else { return nil }
        let plain = first == UInt8(ascii: ".") ? text : text.filter { $0 != "_" }
        if let integer = integer(plain) { return integer }
        guard isDecimal(plain), let value = Double(plain), value.isFinite else { return nil }
        return .number(value, text: GoNumber.text(value))
    }

    private static func isNumberStart(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private static func integer(_ text: String) -> YAMLNode.Value? {
        let isNegative = text.hasPrefix("-")
        let unsigned = isNegative || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        let (digits, radix) = radix(of: unsigned)
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            let magnitude = UInt64(digits, radix: radix)
        else { return nil }
        if !isNegative, magnitude > UInt64(Int64.max) {
            return .number(Double(magnitude), text: String(magnitude))
        }
        if isNegative, magnitude == UInt64(Int64.max) + 1 { return .integer(.min) }
        return Int64(exactly: magnitude).map { .integer(isNegative ? -$0 : $0) }
    }

    private static func radix(of digits: Substring) -> (Substring, Int) {
        guard digits.utf8.count > 1, digits.utf8.first == UInt8(ascii: "0") else { return (digits, 10) }
        switch digits.dropFirst().first {
        case "x", "X": return (digits.dropFirst(2), 16)
        case "o", "O": return (digits.dropFirst(2), 8)
        case "b", "B": return (digits.dropFirst(2), 2)
        default: return (digits.dropFirst(), 8)
        }
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`: Swift's own parser takes more (`0x1p3`, `inf`).
    private static func isDecimal(_ text: String) -> Bool {
        var bytes = Substring(text).utf8
        func skipSign() {
            if bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-") { bytes.removeFirst() }
        }
        func skipDigits() -> Int {
            let rest = bytes.drop { (48...57).contains($0) }
            defer { bytes = rest }
            return bytes.count - rest.count
        }
        skipSign()
        var digits = skipDigits()
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            digits += skipDigits()
        }
        guard digits > 0 else { return false }
        if bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E") {
            bytes.removeFirst()
            skipSign()
            guard skipDigits() > 0 else { return false }
        }
        return bytes.isEmpty
    }
}
