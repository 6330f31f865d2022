import RoadsteadBasics

/// How long ago something was, in the one unit that matters: `12s`, `5m`, `3h`, `9d`.
enum Age {
    static func text(_ timestamp: String, now: Instant) -> String {
        guard let then = Instant(rfc3339: timestamp) else { return "" }
        return text(now - then)
    }

    static func text(_ duration: Duration) -> String {
        switch max(0, duration.components.seconds) {
        case let seconds where seconds < 120: "\(seconds)s"
        case let seconds where seconds < 7200: "\(seconds / 60)m"
        case let seconds where seconds < 172_800: "\(seconds / 3600)h"
        case let seconds: "\(seconds / 86_400)d"
        }
    }
}
