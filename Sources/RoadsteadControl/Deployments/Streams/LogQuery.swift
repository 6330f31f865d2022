import DockerAPI
import DockerClient
import RoadsteadBasics

/// Which lines of a deployment's logs.
struct LogQuery: Sendable, Hashable {
    static let largestTail = 100_000

    /// Names; all services when empty.
    var services: [String]
    /// An id or its beginning, `web.1` for all tasks that this place has had, or `web`.
    var task: String?
    var since: Instant?
    /// The last so many lines of each task; nil: all.
    var tail: Int?
    var follow: Bool

    init(
        services: [String] = [], task: String? = nil, since: Instant? = nil, tail: Int? = nil, follow: Bool = false
    ) {
        self.services = services
        self.task = task
        self.since = since
        self.tail = tail
        self.follow = follow
    }

    /// Without `since` and `tail` the last 200 lines of each task.
    init(_ arguments: StreamArguments, now: Instant) throws(RoadsteadError) {
        let since = try arguments.moment("since", now: now)
        let tail = arguments.text("tail") == "all" ? nil : try arguments.number("tail", in: 0...Self.largestTail)
        let isLimited = since != nil || arguments.text("tail") != nil
        self.init(
            services: arguments.texts("service"), task: arguments.text("task"), since: since,
            tail: isLimited ? tail : 200, follow: arguments.flag("follow"))
    }

    var options: LogOptions { LogOptions(follow: follow, since: since, tail: tail) }
}

/// One line with the place that it comes from.
struct LogLine: Hashable, Sendable {
    var time: Instant?
    var service: String
    /// nil for the engine's own words.
    var task: String?
    var slot: Int?
    var node: String?
    var stream: String
    var text: String

    /// `web.1@h2`.
    var place: String {
        service + (slot.map { ".\($0)" } ?? "") + (node.map { "@" + $0 } ?? "")
    }

    var event: StreamEvent {
        var data: JSONObject = ["service": .string(service), "stream": .string(stream), "text": .string(text)]
        data["time"] = time.map { .string($0.description) }
        data["task"] = task.map(JSONValue.string)
        data["slot"] = slot.map { JSONValue($0) }
        data["node"] = node.map(JSONValue.string)
        return StreamEvent("log", data, line: (time.map { "\($0) " } ?? "") + "\(place) | \(text)")
    }

    init(
        time: Instant?, service: String, task: String? = nil, slot: Int? = nil, node: String? = nil,
        stream: String = "stdout", text: String
    ) {
        (self.time, self.service, self.task, self.slot) = (time, service, task, slot)
        (self.node, self.stream, self.text) = (node, stream, text)
    }

    // MARK: - Kept

    var json: JSONValue { .object(event.data) }

    /// nil when it is not what `json` wrote.
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue, let text = json["text"]?.stringValue else { return nil }
        self.init(
            time: json["time"]?.stringValue.flatMap { Instant(rfc3339: $0) }, service: service,
            task: json["task"]?.stringValue, slot: json["slot"]?.integerValue.map { Int(clamping: $0) },
            node: json["node"]?.stringValue, stream: json["stream"]?.stringValue ?? "stdout", text: text)
    }
}
