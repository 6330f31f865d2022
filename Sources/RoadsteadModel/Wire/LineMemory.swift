import RoadsteadBasics

/// The last moments of a stream of lines: enough to open it again a little before its end and to tell no line twice. Pure.
///
/// Moments are milliseconds and lines of several places come out of order, so the new stream begins `overlap` earlier,
/// and the lines that were told already are left out by what they are.
public struct LineMemory: Sendable {
    public static let overlap = Duration.seconds(2)
    static let most = 20_000

    private struct Key: Hashable, Sendable {
        var time: Instant?
        var place: String
        var text: String
    }

    private var told: [Key] = []
    private var repeats: [Key: Int] = [:]
    private var newest: Instant?

    public init() {}

    /// Takes note of a line; false when it was told before the stream was opened again.
    public mutating func isNew(_ text: String, from place: String, at time: Instant?) -> Bool {
        let key = Key(time: time, place: place, text: text)
        if let count = repeats[key] {
            repeats[key] = count > 1 ? count - 1 : nil
            return false
        }
        told.append(key)
        if let time { newest = max(newest ?? time, time) }
        if told.count > Self.most { told.removeFirst(Self.most / 2) }
        return true
    }

    /// Where to open the stream again; nil when no line had a moment: then from the beginning.
    public mutating func reopen() -> Instant? {
        let since = newest.map { $0 - Self.overlap }
        told.removeAll { key in key.time.map { time in since.map { time < $0 } ?? false } ?? false }
        repeats = Dictionary(told.map { ($0, 1) }, uniquingKeysWith: +)
        return since
    }
}
