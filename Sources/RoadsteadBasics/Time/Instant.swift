/// A moment in UTC with millisecond precision, written as RFC 3339 (`2026-11-22T09:30:00.123Z`).
///
/// Whole milliseconds, not a Double: two parsers must never disagree in the last bit.
public struct Instant: Sendable, Hashable, Comparable {
    public var millisecondsSinceEpoch: Int64

    public init(millisecondsSinceEpoch: Int64) { self.millisecondsSinceEpoch = millisecondsSinceEpoch }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }

    public static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch + duration.wholeMilliseconds)
    }

    public static func - (instant: Instant, duration: Duration) -> Instant { instant + (.zero - duration) }

    public static func - (left: Instant, right: Instant) -> Duration {
        .milliseconds(left.millisecondsSinceEpoch - right.millisecondsSinceEpoch)
    }
}

extension Duration {
    /// Whole milliseconds, the rest cut off.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
