import ArgumentParser
import RoadsteadBasics

/// Which events have been shown already. Pure: pages go in, what is new comes out.
struct EventCursor {
    /// Of one question; more come with the next.
    static let page = 500

    private var from: String
    private var seen: Set<String> = []

    init(start: Instant) { from = start.description }

    /// Events of the same millisecond may still come, so that moment is asked for again.
    var condition: String { "timestamp>='\(from)'" }

    mutating func fresh(_ events: [JSONObject]) -> [JSONObject] {
        let new = events.filter { !seen.contains($0.text("id")) }
        seen.formUnion(new.map { $0.text("id") })
        guard let newest = events.map({ $0.text("timestamp") }).max(), newest > from else { return new }
        from = newest
        seen = Set(events.filter { $0.text("timestamp") == newest }.map { $0.text("id") })
        return new
    }
}

/// From when on events are shown: a span back from now, or a moment.
enum EventStart: ExpressibleByArgument, Hashable, Sendable {
    case ago(seconds: Int)
    case at(Instant)

    init?(argument: String) {
        if let span = TimeSpan(argument: argument) {
            self = .ago(seconds: span.seconds)
        } else if argument.hasSuffix("d"), let days = Int(argument.dropLast()), (1...3650).contains(days) {
            self = .ago(seconds: days * 86_400)
        } else if let instant = Instant(rfc3339: argument) {
            self = .at(instant)
        } else {
            return nil
        }
    }

    func moment(at now: Instant) -> Instant? {
        switch self {
        case .ago(let seconds): now - .seconds(seconds)
        case .at(let instant): instant
        }
    }
}
