import RoadsteadBasics

/// Dates as HTTP headers have them (RFC 9110 section 5.6.7): `Sun, 22 Nov 2026 09:30:00 GMT`.
package enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    package static func text(_ instant: Instant) -> String {
        let day = (instant.millisecondsSinceEpoch - (instant.millisecondsSinceEpoch % 86_400_000)) / 86_400_000
        let weekday = days[Int(((day % 7) + 7) % 7)]
        // 2026-11-22T09:30:00.123Z
        let text = Array(instant.description)
        let month = months[(Int(String(text[5...6])) ?? 1) - 1]
        return "\(weekday), \(String(text[8...9])) \(month) \(String(text[0...3])) \(String(text[11...18])) GMT"
    }
}
