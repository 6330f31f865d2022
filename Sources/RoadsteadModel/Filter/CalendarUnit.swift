import RoadsteadBasics

/// Units of date arithmetic, in the proleptic Gregorian calendar and UTC.
enum CalendarUnit {
    case year, month, week, day, hour, minute, second

    init?(_ letter: Character) {
        switch letter {
        case "y": self = .year
        case "M": self = .month
        case "w": self = .week
        case "d": self = .day
        case "h", "H": self = .hour
        case "m": self = .minute
        case "s": self = .second
        default: return nil
        }
    }

    /// Milliseconds of the units that are always equally long.
    private var length: Int64? {
        switch self {
        case .year, .month: nil
        case .week: 604_800_000
        case .day: 86_400_000
        case .hour: 3_600_000
        case .minute: 60_000
        case .second: 1000
        }
    }

    /// A day that the month does not have becomes its last one.
    func adding(_ count: Int, to moment: Instant) -> Instant {
        if let length { return Instant(millisecondsSinceEpoch: moment.millisecondsSinceEpoch + Int64(count) * length) }
        let (date, inDay) = Self.split(moment)
        let months = date.year * 12 + date.month - 1 + count * (self == .year ? 12 : 1)
        let year = Int(Self.floor(Int64(months), 12))
        let month = months - year * 12 + 1
        let next =
            month == 12
            ? Instant.days(year: year + 1, month: 1, day: 1)
            : Instant.days(
                year: year, month: month + 1, day: 1)
        let first = Instant.days(year: year, month: month, day: 1)
        let day = first + min(date.day, next - first) - 1
        return Instant(millisecondsSinceEpoch: Int64(day) * 86_400_000 + inDay)
    }

    /// From the beginning of the unit in which the period starts to the end of the one in which it ends.
    func rounded(_ period: DatePeriod) -> DatePeriod {
        let next = adding(1, to: beginning(of: period.end))
        return DatePeriod(
            start: beginning(of: period.start),
            end: Instant(millisecondsSinceEpoch: next.millisecondsSinceEpoch - 1))
    }

    private func beginning(of moment: Instant) -> Instant {
        if let length {
            // Day 0 of the epoch was a Thursday; weeks begin on Monday.
            let shift: Int64 = self == .week ? 3 * 86_400_000 : 0
            let count = Self.floor(moment.millisecondsSinceEpoch + shift, length)
            return Instant(millisecondsSinceEpoch: count * length - shift)
        }
        let (date, _) = Self.split(moment)
        let day = Instant.days(year: date.year, month: self == .year ? 1 : date.month, day: 1)
        return Instant(millisecondsSinceEpoch: Int64(day) * 86_400_000)
    }

    private static func split(_ moment: Instant) -> (date: (year: Int, month: Int, day: Int), inDay: Int64) {
        let day = floor(moment.millisecondsSinceEpoch, 86_400_000)
        return (Instant.civil(fromDays: Int(day)), moment.millisecondsSinceEpoch - day * 86_400_000)
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
