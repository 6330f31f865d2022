import RoadsteadBasics

/// A file of `NAME=VALUE` lines (`.env`).
///
/// Blank lines and lines that begin with `#` say nothing, `export ` before a name is allowed. A value in single quotes is
/// taken as it is, one in double quotes knows `\n`, `\t`, `\"`, `\\` and `\$`; both may go over several lines. A bare value
/// ends at ` #`. `NAME` alone takes the value from the environment, if it has one.
struct EnvironmentFile: Sendable {
    private(set) var values: [String: String] = [:]

    init(_ text: String, path: String, environment: [String: String]) throws(RoadsteadError) {
        var reader = Reader(rest: Substring(text.replacing("\r\n", with: "\n")), path: path)
        while let (name, value) = try reader.next() {
            if let value { values[name] = value } else if let inherited = environment[name] { values[name] = inherited }
        }
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }
    }

    private struct Reader {
        var rest: Substring
        let path: String
        var line = 1

        mutating func next() throws(RoadsteadError) -> (String, String?)? {
            skipEmptyLines()
            guard !rest.isEmpty else { return nil }
            if rest.hasPrefix("export ") { rest = rest.dropFirst(7).drop { $0 == " " } }
            let name = rest.prefix { $0 != "=" && $0 != "\n" }
            let trimmed = Self.trimmed(name)
            guard EnvironmentFile.isName(trimmed) else { throw failure("'\(trimmed)' is not the name of a variable") }
            rest = rest[name.endIndex...]
            guard rest.first == "=" else { return (String(trimmed), nil) }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            return (String(trimmed), try value())
        }

        private mutating func skipEmptyLines() {
            while let first = rest.first {
                switch first {
                case "\n":
                    line += 1
                    rest = rest.dropFirst()
                case " ", "\t": rest = rest.dropFirst()
                case "#": rest = rest.drop { $0 != "\n" }
                default: return
                }
            }
        }

        private mutating func value() throws(RoadsteadError) -> String {
            switch rest.first {
            case "'": return try quoted("'", hasEscapes: false)
            case "\"": return try quoted("\"", hasEscapes: true)
            default:
                let raw = rest.prefix { $0 != "\n" }
                rest = rest[raw.endIndex...]
                let end = raw.ranges(of: " #").first?.lowerBound ?? raw.endIndex
                return String(Self.trimmed(raw[..<end]))
            }
        }

        private mutating func quoted(_ quote: Character, hasEscapes: Bool) throws(RoadsteadError) -> String {
            let start = line
            var value = ""
            rest = rest.dropFirst()
            while let character = rest.popFirst() {
                if character == quote {
                    try endOfLine()
                    return value
                }
                if character == "\n" { line += 1 }
                if character == "\\", hasEscapes, let next = rest.popFirst() {
                    value += Self.escapes[next] ?? "\\" + String(next)
                } else {
                    value.append(character)
                }
            }
            line = start
            throw failure("the quote \(quote) is not closed")
        }

        private mutating func endOfLine() throws(RoadsteadError) {
            let tail = rest.prefix { $0 != "\n" }
            rest = rest[tail.endIndex...]
            let text = Self.trimmed(tail)
            guard text.isEmpty || text.hasPrefix("#") else { throw failure("there is text behind the closing quote") }
        }

        private func failure(_ problem: String) -> RoadsteadError {
            RoadsteadError(.invalidInput, "\(path):\(line): \(problem)")
        }

        private static let escapes: [Character: String] = [
            "n": "\n", "t": "\t", "r": "\r", "\"": "\"", "\\": "\\", "$": "$",
        ]

        private static func trimmed(_ text: Substring) -> Substring {
            var text = text.drop { $0 == " " || $0 == "\t" }
            while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
            return text
        }
    }
}
