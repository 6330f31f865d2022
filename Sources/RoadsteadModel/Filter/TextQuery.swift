/// A full-text query in the search engine's simple syntax: blank and `|` = or, `+` = and, `-` = not, `"phrase"`, a
/// trailing `*`, parentheses; `~N` is read and does not count. There is no malformed query: what makes no sense is left out.
///
/// Operators are taken from left to right, as Lucene's SimpleQueryParser does: `a b + c` asks for one of a and b, and c.
indirect enum TextQuery: Hashable, Sendable {
    case word(String)
    case prefix(String)
    case phrase(String)
    case not(TextQuery)
    case all([TextQuery])
    case any([TextQuery])

    /// More words and parentheses than people write; each may nest the query one level deeper.
    static let maximumWords = 100

    /// A query without a word matches nothing. nil: it has more than `maximumWords`.
    static func parse(_ text: String) -> TextQuery? {
        var parser = TextQueryParser(text)
        let query = parser.parse() ?? .any([])
        return parser.words <= maximumWords ? query : nil
    }

    /// The filter that this query is, its leaves given by `leaf`.
    func filter(_ leaf: (TextQuery) -> Filter) -> Filter {
        switch self {
        case .word, .prefix, .phrase: leaf(self)
        case .not(let query): .not(query.filter(leaf))
        case .all(let queries): .and(queries.map { $0.filter(leaf) })
        case .any(let queries): .or(queries.map { $0.filter(leaf) })
        }
    }
}

private struct TextQueryParser {
    private let characters: [Character]
    private var index = 0
    private var depth = 0
    private(set) var words = 0

    private enum Joint { case all, any }

    init(_ text: String) { characters = Array(text) }

    /// One level: up to the end, or to the parenthesis that closes it.
    mutating func parse() -> TextQuery? {
        var top: TextQuery?
        var (previous, current): (Joint?, Joint?) = (nil, nil)
        var isNegated = false
        while index < characters.count, words <= TextQuery.maximumWords, !(characters[index] == ")" && depth > 0) {
            let character = characters[index]
            if character == "+" || character == "|" {
                if top != nil, current == nil { current = character == "+" ? .all : .any }
                index += 1
            } else if character == "-" {
                isNegated.toggle()
                index += 1
            } else if character.isWhitespace || character == ")" {
                index += 1
            } else {
                guard let branch = parseBranch() else { continue }
                let query = isNegated ? .not(branch) : branch
                if let held = top {
                    let joint = current ?? .any
                    top = Self.joined(held, query, by: joint, after: previous)
                    previous = joint
                } else {
                    top = query
                }
                (current, isNegated) = (nil, false)
            }
        }
        return top
    }

    private static func joined(
        _ top: TextQuery, _ branch: TextQuery, by joint: Joint, after previous: Joint?
    ) -> TextQuery {
        switch (joint, top) {
        case (.all, .all(let queries)) where previous == .all: return .all(queries + [branch])
        case (.any, .any(let queries)) where previous == .any: return .any(queries + [branch])
        case (.all, _): return .all([top, branch])
        case (.any, _): return .any([top, branch])
        }
    }

    private mutating func parseBranch() -> TextQuery? {
        // What turns out to be nothing counts too: looking for its end took a walk through the rest.
        words += 1
        return switch characters[index] {
        case "(": parseGroup()
        case "\"": parsePhrase()
        default: parseWord()
        }
    }

    /// Parentheses that nothing closes, and those too deep within each other, do not count.
    private mutating func parseGroup() -> TextQuery? {
        index += 1
        guard depth < 20, closes(from: index) else { return nil }
        depth += 1
        let group = parse()
        depth -= 1
        index += 1
        return group
    }

    private func closes(from start: Int) -> Bool {
        var (open, position) = (1, start)
        while position < characters.count, open > 0 {
            switch characters[position] {
            case "\\": position += 1
            case "(": open += 1
            case ")": open -= 1
            default: break
            }
            position += 1
        }
        return open == 0
    }

    private mutating func parsePhrase() -> TextQuery? {
        let start = index
        index += 1
        var phrase = ""
        while index < characters.count, characters[index] != "\"" { phrase.append(takeCharacter()) }
        guard index < characters.count else {
            index = start + 1
            return nil
        }
        index += 1
        skipFuzziness()
        return phrase.isEmpty ? nil : .phrase(phrase)
    }

    private mutating func parseWord() -> TextQuery? {
        var (word, isPrefix) = ("", false)
        while index < characters.count, !Self.endsWord(characters[index]) {
            isPrefix = characters[index] == "*"
            if characters[index] == "~", isFuzziness() { break }
            word.append(takeCharacter())
        }
        skipFuzziness()
        if isPrefix { word.removeLast() }
        return word.isEmpty ? nil : isPrefix ? .prefix(word) : .word(word)
    }

    /// The character here, or the one that a backslash protects.
    private mutating func takeCharacter() -> Character {
        if characters[index] == "\\", index + 1 < characters.count { index += 1 }
        defer { index += 1 }
        return characters[index]
    }

    private static func endsWord(_ character: Character) -> Bool {
        character.isWhitespace || "\"|+()".contains(character)
    }

    private func isFuzziness() -> Bool {
        let rest = characters[(index + 1)...].prefix { !Self.endsWord($0) }
        return rest.count <= 2 && rest.allSatisfy { ("0"..."9").contains($0) }
    }

    private mutating func skipFuzziness() {
        guard index < characters.count, characters[index] == "~", isFuzziness() else { return }
        index += 1
        while index < characters.count, ("0"..."9").contains(characters[index]) { index += 1 }
    }
}
