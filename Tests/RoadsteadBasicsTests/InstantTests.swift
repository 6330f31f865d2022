import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("Instants")
struct InstantTests {
    @Test("RFC 3339 texts name their moment")
    func reads() {
        let table: [(String, Int64)] = [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1),
            ("2026-11-22T12:00:00Z", 1_795_348_800_000), ("2026-11-22T13:00:00+01:00", 1_795_348_800_000),
            ("2026-11-22T06:30:00.5-05:30", 1_795_348_800_500), ("2026-11-22t12:00:00.123456789z", 1_795_348_800_123),
            ("2026-11-22 12:00:00Z", 1_795_348_800_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ]
        for (text, expected) in table {
            #expect(Instant(rfc3339: text)?.millisecondsSinceEpoch == expected, "\(text)")
        }
    }

    @Test(
        "Other texts are refused",
        arguments: [
            "", "2026-11-22", "2026-11-22T12:00:00", "2026-11-22T12:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-00T00:00:00Z", "2026-11-31T00:00:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
            "2026-11-22T24:00:00Z", "2026-11-22T12:60:00Z", "2026-11-22T12:00:61Z", "2026-11-22T12:00:00.Z",
            "2026-11-22T12:00:00+1:00", "2026-11-22T12:00:00+25:00", "2026-11-22T12:00:00+01:60",
            "2026-11-22T12:00:00Zx",
            " 2026-11-22T12:00:00Z", "+026-11-22T12:00:00Z", "２026-11-22T12:00:00Z",
        ])
    func refuses(_ text: String) { #expect(Instant(rfc3339: text) == nil) }

    @Test("Twenty thousand random moments are written as Foundation writes them, and read back")
    func agreesWithFoundation() throws {
        var random = SeededRandom(seed: 3)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        // Years 0001 to 9999, and many near today.
        for round in 0..<20_000 {
            let range: ClosedRange<Int64> =
                round.isMultiple(of: 2)
                ? -62_135_596_800_000...253_402_300_799_999 : 1_500_000_000_000...2_000_000_000_000
            let instant = Instant(millisecondsSinceEpoch: Int64.random(in: range, using: &random))
            let text = instant.description
            #expect(text.utf8.count == 24)
            #expect(Instant(rfc3339: text) == instant)
            // Foundation counts in the Julian calendar before 1582.
            guard instant.millisecondsSinceEpoch > -12_219_292_800_000 else { continue }
            let seconds = instant.millisecondsSinceEpoch.quotientAndRemainder(dividingBy: 1000)
            let whole = Date(timeIntervalSince1970: Double(seconds.quotient - (seconds.remainder < 0 ? 1 : 0)))
            #expect(whole.formatted(style).prefix(19) == text.prefix(19))
        }
    }

    @Test("Order of moments is order of texts, and arithmetic is exact")
    func arithmetic() {
        let start = Instant(millisecondsSinceEpoch: 1_795_348_800_000)
        #expect(start + .milliseconds(1) > start)
        #expect((start + .milliseconds(1)).description > start.description)
        #expect(start + .seconds(90) - start == .seconds(90))
        #expect(start - .seconds(90) == start + .seconds(-90))
        #expect(Duration.microseconds(1999).wholeMilliseconds == 1)
    }

    @Test("Coded as its text; another text is an error that shows it")
    func coded() throws {
        let instant = Instant(millisecondsSinceEpoch: 1_795_348_800_000)
        let data = try JSONEncoder().encode([instant])
        #expect(String(decoding: data, as: UTF8.self) == #"["2026-11-22T12:00:00.000Z"]"#)
        #expect(try JSONDecoder().decode([Instant].self, from: data) == [instant])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Instant].self, from: Data(#"["soon"]"#.utf8)) }
    }
}
