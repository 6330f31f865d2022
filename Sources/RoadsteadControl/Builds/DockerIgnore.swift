/// What a `.dockerignore` file keeps out of a build's context.
///
/// A pattern a line: `*` and `?` within a name, `[a-z]`, `**` for any number of directories, `!` in front takes back. The last one
/// that matches a path, or a directory that it is in, counts. Source: docker's documentation, ".dockerignore files".
struct DockerIgnore: Sendable {
    private struct Pattern: Sendable {
        var parts: [[Character]]
        var isException: Bool
    }

    private let patterns: [Pattern]

    /// When nothing is taken back, a directory that is kept out need not be looked into.
    let hasExceptions: Bool

    init(_ text: String) {
        patterns = text.split(whereSeparator: \.isNewline).compactMap { Self.pattern(String($0)) }
        hasExceptions = patterns.contains(where: \.isException)
    }

    private static func pattern(_ line: String) -> Pattern? {
        if line.hasPrefix("#") { return nil }
        var text = line.trimmingCharacters(where: \.isWhitespace)
        let isException = text.hasPrefix("!")
        if isException { text = text.dropFirst().trimmingCharacters(where: \.isWhitespace) }
        let parts = text.split(separator: "/").filter { $0 != "." }
        return parts.isEmpty ? nil : Pattern(parts: parts.map(Array.init), isException: isException)
    }

    /// - Parameter path: relative to the context, without a slash in front.
    func excludes(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(Array.init)
        var isExcluded = false
        for pattern in patterns where pattern.isException == isExcluded {
            // A pattern that matches a directory counts for all that is in it.
            let matches = (1...max(1, parts.count)).contains { count in
                Self.matches(pattern.parts[...], parts.prefix(count))
            }
            if matches { isExcluded = !pattern.isException }
        }
        return isExcluded
    }

    private static func matches(_ pattern: ArraySlice<[Character]>, _ path: ArraySlice<[Character]>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == ["*", "*"] {
            return (path.startIndex...path.endIndex).contains { matches(pattern.dropFirst(), path[$0...]) }
        }
        guard let name = path.first, matchesName(first[...], name[...]) else { return false }
        return matches(pattern.dropFirst(), path.dropFirst())
    }

    private static func matchesName(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        switch first {
        case "*": return (name.startIndex...name.endIndex).contains { matchesName(pattern.dropFirst(), name[$0...]) }
        case "?": return !name.isEmpty && matchesName(pattern.dropFirst(), name.dropFirst())
        case "[":
            guard let end = pattern.firstIndex(of: "]"), let character = name.first else { return false }
            return contains(pattern[(pattern.startIndex + 1)..<end], character)
                && matchesName(pattern[(end + 1)...], name.dropFirst())
        case "\\" where pattern.count > 1:
            return name.first == pattern[pattern.startIndex + 1]
                && matchesName(pattern.dropFirst(2), name.dropFirst())
        default: return name.first == first && matchesName(pattern.dropFirst(), name.dropFirst())
        }
    }

    /// `a-z`, `abc`, `^a`.
    private static func contains(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
        let isNegated = set.first == "^"
        var rest = isNegated ? set.dropFirst() : set
        var found = false
        while let low = rest.popFirst() {
            if rest.first == "-", rest.count > 1 {
                rest.removeFirst()
                let high = rest.removeFirst()
                found = found || (low...max(low, high)).contains(character)
            } else {
                found = found || low == character
            }
        }
        return found != isNegated
    }
}

extension StringProtocol {
    fileprivate func trimmingCharacters(where isBlank: (Character) -> Bool) -> String {
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(text)
    }
}
