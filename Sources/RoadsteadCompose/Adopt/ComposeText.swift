import RoadsteadBasics

/// A YAML document that is written, not read: mappings in a chosen order, and texts that no variable replaces.
indirect enum ComposeText {
    case map([(String, ComposeText)])
    case list([ComposeText])
    case text(String)
    case number(String)
    case flag(Bool)

    static func int(_ value: some BinaryInteger) -> ComposeText { .number(String(value)) }

    static func texts(_ values: [String]) -> ComposeText { .list(values.map(ComposeText.text)) }

    static func texts(_ values: [String: String]) -> ComposeText {
        .map(values.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    }

    private var isEmpty: Bool {
        switch self {
        case .map(let members): members.isEmpty
        case .list(let elements): elements.isEmpty
        case .text, .number, .flag: false
        }
    }

    /// The document, with a line end.
    func yaml() -> String { lines().joined(separator: "\n") + "\n" }

    private func lines() -> [String] {
        switch self {
        case .map(let members) where !members.isEmpty:
            members.flatMap { Self.entry(Self.quoted($0.0) + ":", $0.1) }
        case .list(let elements) where !elements.isEmpty:
            elements.flatMap(Self.item)
        default: [scalar]
        }
    }

    private static func entry(_ head: String, _ value: ComposeText) -> [String] {
        if value.isEmpty { return [head + " " + value.scalar] }
        switch value {
        case .map, .list: return [head] + value.lines().map { "  " + $0 }
        case .text, .number, .flag: return [head + " " + value.scalar]
        }
    }

    private static func item(_ value: ComposeText) -> [String] {
        let lines = value.lines()
        return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
    }

    private var scalar: String {
        switch self {
        case .map: "{}"
        case .list: "[]"
        // A dollar begins a variable.
        case .text(let text): Self.quoted(text.replacing("$", with: "$$"))
        case .number(let text): text
        case .flag(let value): value ? "true" : "false"
        }
    }

    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

    /// As it is where YAML would take it for a text, else in quotes; JSON's are YAML's.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "_") } ?? false
            && text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || "_./@-".utf8.contains($0) }
            && !words.contains(text.lowercased())
        return isPlain ? text : JSONValue.string(text).text()
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}

/// Collects the members of a mapping, those that are there.
struct ComposeMapping {
    private(set) var members: [(String, ComposeText)] = []

    mutating func add(_ key: String, _ value: ComposeText?) { if let value { members.append((key, value)) } }

    mutating func add(_ key: String, text: String?) { add(key, text.orNil.map(ComposeText.text)) }

    mutating func add(_ key: String, texts: [String]?) { add(key, texts.orNil.map { .texts($0) }) }

    mutating func add(_ key: String, texts: [String: String]?) { add(key, texts.orNil.map { .texts($0) }) }

    mutating func add(_ key: String, flag: Bool?) { add(key, flag.orNil.map(ComposeText.flag)) }

    mutating func add(_ key: String, nanoseconds: Int64?) {
        add(key, nanoseconds.map { .text(Self.duration($0)) })
    }

    /// Nothing when it has no members.
    mutating func add(_ key: String, _ mapping: ComposeMapping) {
        if !mapping.members.isEmpty { add(key, mapping.text) }
    }

    var text: ComposeText { .map(members) }

    /// As Go writes it: `1m30s`.
    static func duration(_ nanoseconds: Int64) -> String {
        guard nanoseconds > 0 else { return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns" }
        var (rest, text) = (nanoseconds, "")
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1000, "us"),
            (1, "ns"),
        ]
        for (size, name) in units where rest >= size {
            text += "\(rest / size)\(name)"
            rest %= size
        }
        return text
    }
}
