import RoadsteadBasics

/// Moments counted from now, as search engines spell them: `now`, `now-1d`, `now+2h-5m`.
enum DateMath {
    /// nil when `text` is nothing of the kind. Units: `s m h d w`. Rounding (`/d`), months and years are not read.
    static func moment(_ text: String, now: Instant) -> Instant? {
        guard text.hasPrefix("now") else { return nil }
        var rest = text.dropFirst(3)
        var moment = now
        while let sign = rest.first {
            guard sign == "+" || sign == "-" else { return nil }
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            let after = rest.dropFirst(1 + digits.count)
            guard let count = Int64(digits), count <= 1_000_000, let unit = after.first.flatMap(seconds) else {
                return nil
            }
            moment = moment + .seconds((sign == "-" ? -1 : 1) * count * unit)
            rest = after.dropFirst()
        }
        return moment
    }

    private static func seconds(of unit: Character) -> Int64? {
        switch unit {
        case "s": 1
        case "m": 60
        case "h", "H": 3600
        case "d": 86_400
        case "w": 604_800
        default: nil
        }
    }
}
