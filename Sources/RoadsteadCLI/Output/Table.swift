/// Text in columns, two blanks apart, the last one not padded.
struct Table: Sendable {
    var titles: [String]
    var rows: [[String]]

    init(_ titles: [String], _ rows: [[String]]) {
        self.titles = titles
        self.rows = rows
    }

    func lines() -> [String] {
        let cells = ([titles] + rows).map { $0.map(Self.oneLine) }
        let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                line += cell + (isLast ? "" : String(repeating: " ", count: widths[column] - cell.count + 2))
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// A cell must not break the table, and a server's text must not move the cursor.
    private static func oneLine(_ text: String) -> String { TerminalText.safe(text, keepingLines: false) }
}

/// Label and value pairs of one thing, values in one column.
struct FactSheet: Sendable {
    var facts: [(label: String, value: String)] = []

    mutating func add(_ label: String, _ value: String?) {
        if let value, !value.isEmpty { facts.append((label, value)) }
    }

    func lines() -> [String] {
        let width = (facts.map(\.label.count).max() ?? 0) + 3
        return facts.flatMap { label, value in
            TerminalText.safe(value, keepingLines: true).split(separator: "\n").enumerated().map { index, line in
                let head = index == 0 ? label + ":" : ""
                return head + String(repeating: " ", count: width - head.count) + line
            }
        }
    }
}
