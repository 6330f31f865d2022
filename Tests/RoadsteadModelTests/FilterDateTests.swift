import RoadsteadBasics
import Testing

@testable import RoadsteadModel

/// Dates in filters, counted from 2026-11-22T12:34:56.789Z, a Sunday.
@Suite struct FilterDateTests {
    static let now = "2026-11-22T12:34:56.789Z"

    static let periods: [(text: String, start: String, end: String)] = [
        ("now", "2026-11-22T12:34:56.789Z", "2026-11-22T12:34:56.789Z"),
        ("now-1d", "2026-11-21T12:34:56.789Z", "2026-11-21T12:34:56.789Z"),
        ("now+90s-1m", "2026-11-22T12:35:26.789Z", "2026-11-22T12:35:26.789Z"),
        ("now+d", "2026-11-23T12:34:56.789Z", "2026-11-23T12:34:56.789Z"),
        ("now-2h-2H", "2026-11-22T08:34:56.789Z", "2026-11-22T08:34:56.789Z"),
        ("now-1M", "2026-10-22T12:34:56.789Z", "2026-10-22T12:34:56.789Z"),
        ("now-1y", "2025-11-22T12:34:56.789Z", "2025-11-22T12:34:56.789Z"),
        ("now/d", "2026-11-22T00:00:00.000Z", "2026-11-22T23:59:59.999Z"),
        ("now/w", "2026-11-16T00:00:00.000Z", "2026-11-22T23:59:59.999Z"),
        ("now/M", "2026-11-01T00:00:00.000Z", "2026-11-30T23:59:59.999Z"),
        ("now/y", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"),
        ("now+2h/h", "2026-11-22T14:00:00.000Z", "2026-11-22T14:59:59.999Z"),
        ("now/d-1h", "2026-11-21T23:00:00.000Z", "2026-11-22T22:59:59.999Z"),
        ("now/m", "2026-11-22T12:34:00.000Z", "2026-11-22T12:34:59.999Z"),
        ("now/s", "2026-11-22T12:34:56.000Z", "2026-11-22T12:34:56.999Z"),
        ("2026", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"),
        ("2026-02", "2026-02-01T00:00:00.000Z", "2026-02-28T23:59:59.999Z"),
        ("2024-02", "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z"),
        ("2026-11-05", "2026-11-05T00:00:00.000Z", "2026-11-05T23:59:59.999Z"),
        ("2026-11-05T10", "2026-11-05T10:00:00.000Z", "2026-11-05T10:59:59.999Z"),
        ("2026-11-05T10:30", "2026-11-05T10:30:00.000Z", "2026-11-05T10:30:59.999Z"),
        ("2026-11-05T10:30Z", "2026-11-05T10:30:00.000Z", "2026-11-05T10:30:59.999Z"),
        ("2026-11-05T10+02:00", "2026-11-05T08:00:00.000Z", "2026-11-05T08:59:59.999Z"),
        ("2026-11-05T10:30:15", "2026-11-05T10:30:15.000Z", "2026-11-05T10:30:15.999Z"),
        ("2026-11-05T10:30:15Z", "2026-11-05T10:30:15.000Z", "2026-11-05T10:30:15.000Z"),
        ("2026-11-05T10:30:15.25+01:00", "2026-11-05T09:30:15.250Z", "2026-11-05T09:30:15.250Z"),
        ("1793836800000", "2026-11-05T00:00:00.000Z", "2026-11-05T00:00:00.000Z"),
        ("-86400000", "1969-12-31T00:00:00.000Z", "1969-12-31T00:00:00.000Z"),
        ("2026-01-31||+1M", "2026-02-28T00:00:00.000Z", "2026-02-28T23:59:59.999Z"),
        ("2026-12-31T00:00:00Z||+2M", "2027-02-28T00:00:00.000Z", "2027-02-28T00:00:00.000Z"),
        ("2026-11||+1M/d", "2026-12-01T00:00:00.000Z", "2026-12-30T23:59:59.999Z"),
        ("2024-02-29T00:00:00Z||-1y", "2023-02-28T00:00:00.000Z", "2023-02-28T00:00:00.000Z"),
        ("1969-12-31T12:00:00Z||/w", "1969-12-29T00:00:00.000Z", "1970-01-04T23:59:59.999Z"),
    ]

    @Test("a date stands for the time that it says, from its start to its end", arguments: periods)
    func period(_ example: (text: String, start: String, end: String)) throws {
        let now = try #require(Instant(rfc3339: Self.now))
        let period = try #require(DateExpression.period(example.text, now: now))
        #expect(period.start.description == example.start)
        #expect(period.end.description == example.end)
    }

    @Test(
        "what is no date is a text",
        arguments: [
            "", "nowhere", "now-", "now1d", "now-1x", "now--1d", "now/", "now/2d", "now-1d ", "now-99999999d",
            "2026-13", "2026-11-31", "2026-1", "26", "8", "1234567890123456", "2026-11-05Z", "x||+1d", "2026||1d",
            "2026-11-05T25", String(repeating: "now", count: 40),
        ])
    func noDate(_ text: String) throws {
        #expect(DateExpression.period(text, now: try #require(Instant(rfc3339: Self.now))) == nil)
    }

    @Test("a year and milliseconds compare with timestamps as time and with other values as what they are")
    func bothReadings() throws {
        let now = try #require(Instant(rfc3339: Self.now))
        let filter = try Filter.parse("a='2026'", now: now)
        #expect(filter.matches(["a": "2026"]))
        #expect(filter.matches(["a": 2026]))
        #expect(filter.matches(["a": "2026-05-05T00:00:00Z"]))
        #expect(!filter.matches(["a": "2025-05-05T00:00:00Z"]))
        #expect(try Filter.parse("a='now'", now: now).matches(["a": "now"]))
    }
}
