import RoadsteadBasics

/// Dates as search engines spell them: `2026`, `2026-11`, `2026-11-05T10`, full timestamps, milliseconds since 1970,
/// `now`, and arithmetic behind `now` or behind a date and two bars: `now-1d/d`, `2026-11-01||+1M`.
///
/// Units: `y M w d h H m s`. A count that is left out is 1; weeks begin on Monday; all is UTC unless the date says else.
enum DateExpression {
    /// nil when `text` is nothing of the kind.
    static func period(_ text: String, now: Instant) -> DatePeriod? {
        guard text.utf8.count <= 64 else { return nil }
        if text.hasPrefix("now") { return applying(text.dropFirst(3), to: DatePeriod(now)) }
        guard let bars = text.firstRange(of: "||") else { return date(text) }
        return date(String(text[..<bars.lowerBound])).flatMap { applying(text[bars.upperBound...], to: $0) }
    }

    /// A date without arithmetic.
    static func date(_ text: String) -> DatePeriod? {
        if let moment = Instant(rfc3339: text) { return DatePeriod(moment) }
        if let moment = epoch(text) { return DatePeriod(moment) }
        return PartialDate(text)?.period
    }

    /// Four digits are a year, more are milliseconds.
    private static func epoch(_ text: String) -> Instant? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard (5...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int64(text).map(Instant.init(millisecondsSinceEpoch:))
    }

    private static func applying(_ text: Substring, to period: DatePeriod) -> DatePeriod? {
        var (period, rest) = (period, text)
        while let sign = rest.first {
            rest = rest.dropFirst()
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            guard let unit = rest.first.flatMap(CalendarUnit.init), let count = digits.isEmpty ? 1 : Int(digits),
                count <= 1_000_000
            else { return nil }
            rest = rest.dropFirst()
            switch sign {
            case "+": period = shifted(period, by: count, unit)
            case "-": period = shifted(period, by: -count, unit)
            case "/" where digits.isEmpty: period = unit.rounded(period)
            default: return nil
            }
        }
        return period
    }

    private static func shifted(_ period: DatePeriod, by count: Int, _ unit: CalendarUnit) -> DatePeriod {
        DatePeriod(start: unit.adding(count, to: period.start), end: unit.adding(count, to: period.end))
    }
}

/// A date with its last parts left out, which stands for the whole year, month, day, hour, minute or second.
private struct PartialDate {
    private let start: Instant
    private let unit: CalendarUnit

    var period: DatePeriod { unit.rounded(DatePeriod(start)) }

    init?(_ text: String) {
        let full = "0000-01-01T00:00:00"
        let units: [Int: CalendarUnit] = [4: .year, 7: .month, 10: .day, 13: .hour, 16: .minute, 19: .second]
        let (body, zone) = Self.split(text)
        guard let unit = units[body.utf8.count], zone.isEmpty || body.utf8.count > 10,
            let start = Instant(rfc3339: body + full.dropFirst(body.utf8.count) + (zone.isEmpty ? "Z" : zone))
        else { return nil }
        self.start = start
        // A time without a zone is the moment that it says in UTC.
        self.unit = unit
    }

    /// The zone begins behind the `T`.
    private static func split(_ text: String) -> (body: String, zone: String) {
        guard let time = text.firstIndex(of: "T"),
            let zone = text[time...].firstIndex(where: { $0 == "Z" || $0 == "+" || $0 == "-" })
        else { return (text, "") }
        return (String(text[..<zone]), String(text[zone...]))
    }
}
