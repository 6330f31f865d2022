import ArgumentParser
import RoadsteadBasics

/// Which events have been shown already. Pure: events go in, what is new comes out.
struct EventCursor {
    /// What a stream repeats after a break lies close behind.
    static let capacity = 10_000

    private var shown: Set<String> = []
    private var order: [String] = []

    mutating func fresh(_ events: [JSONObject]) -> [JSONObject] { events.filter { isNew($0.text("id")) } }

    private mutating func isNew(_ id: String) -> Bool {
        guard shown.insert(id).inserted else { return false }
        order.append(id)
        if order.count == Self.capacity * 2 {
            shown.subtract(order.prefix(Self.capacity))
            order.removeFirst(Self.capacity)
        }
        return true
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
