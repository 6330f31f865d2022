/// Cuts a `.env` file into names and values; see `DotEnv`.
struct DotEnvReader {
    struct Line {
        var number: Int
        var name: String
        /// nil when the name stands alone.
        var value: String?
        /// In single quotes: no variables.
        var isLiteral = false
    }

    private let bytes: [UInt8]
    private var position = 0
    private var number = 1

    init(_ text: String) {
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        let all = Array(text.utf8)
        bytes = all.starts(with: bom) ? Array(all.dropFirst(3)) : all
    }

    mutating func next() throws(DotEnv.Failure) -> Line? {
        skipEmptyLines()
        guard position < bytes.count else { return nil }
        if bytes[position...].starts(with: "export ".utf8) {
            position += 7
            skipBlanks()
        }
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "="), byte != UInt8(ascii: "\n") { position += 1 }
        let name = trimmed(start..<position)
        // The text is not told: it may be the second line of a key that lacks its quotes.
        guard Self.isName(name) else {
            throw failure("what stands before '=' is not the name of a variable")
        }
        var line = Line(number: number, name: name)
        guard peek() == UInt8(ascii: "=") else { return line }
        position += 1
        skipBlanks()
        line.isLiteral = peek() == UInt8(ascii: "'")
        line.value = try value()
        return line
    }

    /// Letters, digits, `_`, `.` and `-`, no digit first.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "_.-".utf8.contains(byte)
        }
    }

    // MARK: - Values

    private mutating func value() throws(DotEnv.Failure) -> String {
        if let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") { return try quoted(quote) }
        let start = position
        var end: Int?
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "#"), position > start, bytes[position - 1] == UInt8(ascii: " ") {
                end = end ?? position
            }
            position += 1
        }
        return trimmed(start..<(end ?? position))
    }

    private mutating func quoted(_ quote: UInt8) throws(DotEnv.Failure) -> String {
        let start = number
        var value: [UInt8] = []
        position += 1
        while let byte = peek() {
            position += 1
            switch byte {
            case quote:
                try endOfLine()
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"): value += escape(in: quote)
            default:
                if byte == UInt8(ascii: "\n") { number += 1 }
                value.append(byte)
            }
        }
        number = start
        throw failure("the quote \(Character(Unicode.Scalar(quote))) is not closed")
    }

    /// What a backslash stands for, the position being behind it.
    private mutating func escape(in quote: UInt8) -> [UInt8] {
        let backslash = UInt8(ascii: "\\")
        guard let next = peek() else { return [backslash] }
        if quote == UInt8(ascii: "'") {
            guard next == quote else { return [backslash] }
            position += 1
            return [quote]
        }
        // Variables are put in later: a dollar sign that is none is doubled for that.
        let escapes: [UInt8: [UInt8]] = [
            UInt8(ascii: "n"): [10], UInt8(ascii: "r"): [13], UInt8(ascii: "t"): [9], quote: [quote],
            backslash: [backslash], UInt8(ascii: "$"): Array("$$".utf8),
        ]
        guard let escaped = escapes[next] else { return [backslash] }
        position += 1
        return escaped
    }

    private mutating func endOfLine() throws(DotEnv.Failure) {
        skipBlanks()
        guard let byte = peek(), byte != UInt8(ascii: "\n") else { return }
        guard byte == UInt8(ascii: "#") else { throw failure("there is text behind the closing quote") }
        while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
    }

    // MARK: - Bytes

    private mutating func skipEmptyLines() {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"):
                number += 1
                position += 1
            case _ where isBlank(byte): position += 1
            case UInt8(ascii: "#"): while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
            default: return
            }
        }
    }

    private mutating func skipBlanks() { while let byte = peek(), isBlank(byte) { position += 1 } }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

    private func trimmed(_ range: Range<Int>) -> String {
        var slice = bytes[range].drop(while: isBlank)
        while let last = slice.last, isBlank(last) { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }

    private func failure(_ message: String) -> DotEnv.Failure { DotEnv.Failure(line: number, message: message) }
}
