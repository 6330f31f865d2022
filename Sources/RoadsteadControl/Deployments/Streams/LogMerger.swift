import RoadsteadBasics

/// Puts lines that come from several places into the order of their time. Pure.
///
/// A line is held back for a moment, so that an earlier one from a slower place can still be put before it; the very
/// first ones, which are the past of all places at once, a moment longer. Nothing is held beyond a number of lines.
struct LogMerger: Sendable {
    static let window = Duration.milliseconds(250)
    static let firstWindow = Duration.milliseconds(900)
    static let most = 50_000

    private struct Held: Sendable {
        var line: LogLine
        var arrived: Instant
        var order: Int
    }

    private let begun: Instant
    private var held: [Held] = []
    private var count = 0

    init(at now: Instant) { begun = now }

    mutating func add(_ line: LogLine, at now: Instant) {
        count += 1
        held.append(Held(line: line, arrived: now, order: count))
    }

    var isEmpty: Bool { held.isEmpty }
    /// Whether it holds so much that its source should wait.
    var isFull: Bool { held.count >= Self.most }

    /// What may go out now, in order.
    mutating func ready(at now: Instant) -> [LogLine] {
        let isFirst = now - begun < Self.firstWindow
        if isFirst && !isFull { return [] }
        return isFull ? rest() : take { now - $0.arrived >= Self.window }
    }

    /// All that is left, in order.
    mutating func rest() -> [LogLine] { take { _ in true } }

    /// A line that may go takes every earlier one along, however young.
    private mutating func take(_ isDue: (Held) -> Bool) -> [LogLine] {
        guard held.contains(where: isDue) else { return [] }
        held.sort { ($0.line.time ?? $0.arrived, $0.order) < ($1.line.time ?? $1.arrived, $1.order) }
        guard let last = held.lastIndex(where: isDue) else { return [] }
        let lines = held[...last].map(\.line)
        held.removeFirst(last + 1)
        return lines
    }
}
