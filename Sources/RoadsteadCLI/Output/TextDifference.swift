/// The difference of two texts, line by line, as `diff -u` shows it.
struct TextDifference: Sendable {
    enum Line: Hashable, Sendable {
        case kept(String), removed(String), added(String)
    }

    let lines: [Line]

    init(from old: String, to new: String) {
        let before = Self.split(old)
        let after = Self.split(new)
        let difference = after.difference(from: before)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (lines, i, j): ([Line], Int, Int) = ([], 0, 0)
        while i < before.count || j < after.count {
            if removed.contains(i) {
                lines.append(.removed(before[i]))
                i += 1
            } else if added.contains(j) {
                lines.append(.added(after[j]))
                j += 1
            } else {
                lines.append(.kept(before[i]))
                (i, j) = (i + 1, j + 1)
            }
        }
        self.lines = lines
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    var isEmpty: Bool { lines.allSatisfy { if case .kept = $0 { true } else { false } } }

    /// With `context` unchanged lines around each change; what is left out between them is one line `...`.
    func text(context: Int = 3, style: Style = .plain) -> [String] {
        let changed = lines.indices.filter { if case .kept = lines[$0] { false } else { true } }
        var shown: Set<Int> = []
        for index in changed { shown.formUnion(max(0, index - context)...min(lines.count - 1, index + context)) }
        var text: [String] = []
        var last = -1
        for index in shown.sorted() {
            if index > last + 1 { text.append(style.paint("...", .dim)) }
            text.append(Self.painted(lines[index], style))
            last = index
        }
        if !shown.isEmpty, last < lines.count - 1 { text.append(style.paint("...", .dim)) }
        return text
    }

    private static func painted(_ line: Line, _ style: Style) -> String {
        switch line {
        case .kept(let text): "  " + TerminalText.safe(text, keepingLines: false)
        case .removed(let text): style.paint("- " + TerminalText.safe(text, keepingLines: false), .red)
        case .added(let text): style.paint("+ " + TerminalText.safe(text, keepingLines: false), .green)
        }
    }
}
