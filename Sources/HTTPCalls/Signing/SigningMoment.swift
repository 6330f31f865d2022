import RoadsteadBasics

/// A moment as Signature Version 4 spells it: `20130524T000000Z`, and its day `20130524`.
public struct SigningMoment: Sendable, Hashable {
    public let timestamp: String

    /// `Instant` writes `2013-05-24T00:00:00.000Z`.
    public init(_ instant: Instant) {
        let digits = instant.description.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" }
        timestamp = String(digits) + "Z"
    }

    public var day: String { String(timestamp.prefix(8)) }
}
