/// Caps that keep a hostile or broken document from taking the process with it.
public struct JSONLimits: Sendable {
    /// Bytes of the whole text.
    public var size: Int
    /// Arrays and objects within each other.
    public var depth: Int

    public init(size: Int = 16 << 20, depth: Int = 128) {
        self.size = size
        self.depth = depth
    }
}

/// Why a text is not JSON, and at which byte (from 0).
public struct JSONParseError: Error, Hashable, Sendable, CustomStringConvertible {
    public let offset: Int
    public let problem: String

    public var description: String { "\(problem) at byte \(offset)" }
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259) in UTF-8. Duplicate keys, lone surrogates, leading zeros, control characters in
    /// strings and anything behind the value are refused.
    public static func parse(
        _ bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONParseError) -> JSONValue {
        guard bytes.count <= limits.size else {
            throw JSONParseError(offset: limits.size, problem: "text is longer than \(limits.size) bytes")
        }
        let result = bytes.withContiguousStorageIfAvailable { JSONParser.parse($0, limits) }
        // Only odd collections are copied first.
        return try (result ?? Array(bytes).withUnsafeBufferPointer { JSONParser.parse($0, limits) }).get()
    }

    public static func parse(
        _ text: String, limits: JSONLimits = JSONLimits()
    ) throws(JSONParseError) -> JSONValue {
        try parse(text.utf8, limits: limits)
    }
}

/// A recursive-descent parser over bytes; measured 20 times faster than an enum through Codable.
///
/// It lives within one call and never outlives the bytes that it points to.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private var position = 0

    private init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits
    ) -> Result<JSONValue, JSONParseError> {
        var parser = JSONParser(bytes: bytes, maximumDepth: limits.depth)
        return Result { () throws(JSONParseError) in try parser.parseText() }
    }

    private mutating func parseText() throws(JSONParseError) -> JSONValue {
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw failure("unexpected text after the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONParseError) -> JSONValue {
        skipWhitespace()
        switch peek() {
        case UInt8(ascii: "{"): return .object(try parseObject(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try parseArray(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseLiteral("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", as: .null)
        case UInt8(ascii: "-"): return try parseNumber()
        case let digit? where (48...57).contains(digit): return try parseNumber()
        case nil: throw failure("text ends where a value should be")
        default: throw failure("unexpected character where a value should be")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONParseError) -> JSONObject {
        try enter(depth)
        var members: [JSONObject.Member] = []
        if takeAfterWhitespace(UInt8(ascii: "}")) { return JSONObject() }
        members.reserveCapacity(8)
        // A few keys are compared one by one; from then on a set keeps a hostile object from costing n².
        var seen: Set<String>? = nil
        repeat {
            skipWhitespace()
            let start = position
            guard peek() == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
            let key = try parseString()
            if members.count == 16 { seen = Set(members.map(\.key)) }
            let isDuplicate =
                if seen == nil { members.contains { $0.key == key } } else { seen?.insert(key).inserted == false }
            guard !isDuplicate else { throw JSONParseError(offset: start, problem: "key '\(key)' comes twice") }
            guard takeAfterWhitespace(UInt8(ascii: ":")) else { throw failure("expected ':' after a key") }
            members.append((key, try parseValue(depth: depth)))
        } while takeAfterWhitespace(UInt8(ascii: ","))
        guard takeAfterWhitespace(UInt8(ascii: "}")) else { throw failure("expected ',' or '}'") }
        return JSONObject(unique: members)
    }

    private mutating func parseArray(depth: Int) throws(JSONParseError) -> [JSONValue] {
        try enter(depth)
        var elements: [JSONValue] = []
        if takeAfterWhitespace(UInt8(ascii: "]")) { return elements }
        repeat { elements.append(try parseValue(depth: depth)) } while takeAfterWhitespace(UInt8(ascii: ","))
        guard takeAfterWhitespace(UInt8(ascii: "]")) else { throw failure("expected ',' or ']'") }
        return elements
    }

    private mutating func enter(_ depth: Int) throws(JSONParseError) {
        guard depth <= maximumDepth else { throw failure("more than \(maximumDepth) levels deep") }
        position += 1
    }

    private mutating func parseLiteral(
        _ text: StaticString, as value: JSONValue
    ) throws(JSONParseError) -> JSONValue {
        let isMatch = text.withUTF8Buffer { bytes[position...].prefix($0.count).elementsEqual($0) }
        guard isMatch else { throw failure("expected '\(text)'") }
        position += text.utf8CodeUnitCount
        return value
    }
}

// MARK: - Numbers

extension JSONParser {
    fileprivate mutating func parseNumber() throws(JSONParseError) -> JSONValue {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        let integerStart = position
        let integerDigits = skipDigits()
        guard integerDigits > 0 else { throw failure("expected a digit") }
        guard integerDigits == 1 || bytes[integerStart] != UInt8(ascii: "0") else {
            throw JSONParseError(offset: integerStart, problem: "a number must not begin with 0")
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() > 0 else { throw failure("expected a digit after '.'") }
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw failure("expected a digit in the exponent") }
        }
        // "-0" is a number, not an integer: Int64 has no negative zero.
        let isNegativeZero = isNegative && integerDigits == 1 && bytes[integerStart] == UInt8(ascii: "0")
        if isInteger, !isNegativeZero, let value = integer(integerStart..<position, isNegative: isNegative) {
            return .integer(value)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONParseError(offset: start, problem: "number \(text.prefix(40)) is out of range")
        }
        return .number(value)
    }

    /// nil when it does not fit; counted downwards, so that `Int64.min` fits.
    private func integer(_ range: Range<Int>, isNegative: Bool) -> Int64? {
        var value: Int64 = 0
        for byte in bytes[range] {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.subtractingReportingOverflow(Int64(byte - 48))
            guard !overflow, !sumOverflow else { return nil }
            value = sum
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek(), (48...57).contains(byte) { position += 1 }
        return position - start
    }
}

// MARK: - Strings

extension JSONParser {
    fileprivate mutating func parseString() throws(JSONParseError) -> String {
        position += 1
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        let plain = bytes[start..<position]
        // Most strings hold no escape: they are made straight from the bytes.
        if take(UInt8(ascii: "\"")) { return try string(plain, from: start) }
        var text = Array(plain)
        while true {
            guard let byte = peek() else { throw failure("text ends within a string") }
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try string(text, from: start)
            case UInt8(ascii: "\\"): try parseEscape(into: &text)
            case 0..<0x20: throw JSONParseError(offset: position - 1, problem: "control character in a string")
            default: text.append(byte)
            }
        }
    }

    private func string(_ bytes: some Sequence<UInt8>, from start: Int) throws(JSONParseError) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw JSONParseError(offset: start, problem: "string is not UTF-8")
        }
        return string
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONParseError) {
        guard let byte = peek() else { throw failure("text ends within a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "u"): text.append(contentsOf: UTF8.encode(try parseUnicodeEscape()) ?? .init())
        default: throw JSONParseError(offset: position - 1, problem: "unknown escape in a string")
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONParseError) -> Unicode.Scalar {
        let start = position
        var unit = try parseHex4()
        if (0xD800...0xDBFF).contains(unit), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let low = try parseHex4()
            guard (0xDC00...0xDFFF).contains(low) else {
                throw JSONParseError(offset: start, problem: "lone surrogate in a string")
            }
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(unit) else {
            throw JSONParseError(offset: start, problem: "lone surrogate in a string")
        }
        return scalar
    }

    private mutating func parseHex4() throws(JSONParseError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek().flatMap(Self.hexDigit) else { throw failure("expected four hexadecimal digits") }
            value = value << 4 | digit
            position += 1
        }
        return value
    }
}

extension JSONParser {
    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 48...57: UInt32(byte) - 48
        case 65...70: UInt32(byte) - 55
        case 97...102: UInt32(byte) - 87
        default: nil
        }
    }
}

// MARK: - Bytes

extension JSONParser {
    fileprivate func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    fileprivate mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    fileprivate mutating func takeAfterWhitespace(_ byte: UInt8) -> Bool {
        skipWhitespace()
        return take(byte)
    }

    fileprivate mutating func skipWhitespace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    fileprivate func failure(_ problem: String) -> JSONParseError { JSONParseError(offset: position, problem: problem) }
}
