import RoadsteadBasics

/// A point in time: in UTC as it comes from here; the page's script puts it into the reader's zone.
struct Moment: Sendable, Hashable {
    let stamp: String
    let text: String

    /// nil for a text that is none.
    init?(_ text: String?) {
        guard let text, let instant = Instant(rfc3339: text) else { return nil }
        stamp = instant.description
        // 2026-11-22T09:30:00.123Z
        self.text = "\(stamp.prefix(10)) \(stamp.dropFirst(11).prefix(5)) UTC"
    }
}
