import RoadsteadBasics

/// The lines of several services as one text, by time.
enum LogText {
    /// `log` maps each service to lines that begin with their timestamp.
    static func lines(_ log: JSONValue?, hasTimestamps: Bool) -> [String] {
        let components = log?.objectValue?.members ?? []
        let width = components.map(\.key.count).max() ?? 0
        let entries = components.flatMap { service, lines in
            (lines.arrayValue ?? []).compactMap(\.stringValue).map { line in entry(line, service, width) }
        }
        // By time; lines of one moment stay in the order of their service. Timestamps of one length sort as text.
        let sorted = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return sorted.map { _, entry in
            TerminalText.safe(hasTimestamps ? "\(entry.time) \(entry.text)" : entry.text, keepingLines: false)
        }
    }

    private static func entry(_ line: String, _ service: String, _ width: Int) -> (time: String, text: String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let hasTime = parts.count == 2 && Instant(rfc3339: parts[0]) != nil
        let padding = String(repeating: " ", count: width - service.count)
        return (hasTime ? String(parts[0]) : "", "\(service)\(padding) | \(hasTime ? String(parts[1]) : line)")
    }
}
