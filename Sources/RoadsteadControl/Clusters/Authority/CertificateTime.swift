import Foundation
import RoadsteadBasics

/// Moments as certificates have them: whole seconds.
enum CertificateTime {
    static func date(_ instant: Instant) -> Date {
        Date(timeIntervalSince1970: Double(instant.millisecondsSinceEpoch / 1000))
    }

    /// An hour ago: the clock of a new host may be behind ours until it is set.
    static func beginning(_ now: Instant) -> Date { date(now - .seconds(3600)) }

    static func instant(_ date: Date) -> Instant {
        Instant(millisecondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded()) * 1000)
    }
}
