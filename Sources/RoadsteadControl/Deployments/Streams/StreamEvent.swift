import RoadsteadBasics

/// One event of a stream: a server-sent event, or a line of a download.
public struct StreamEvent: Sendable, Hashable {
    public var name: String
    public var data: JSONObject
    /// The same as one line of text; nil for what a download leaves out.
    public var line: String?

    public init(_ name: String, _ data: JSONObject, line: String? = nil) {
        self.name = name
        self.data = data
        self.line = line
    }
}

/// Where a stream's events come from. Nothing is made ahead of its reader: `send` returns when the event is on its way.
public struct EventSource: Sendable {
    public typealias Send = @Sendable (StreamEvent) async throws -> Void

    /// Ends when there are no more events; throws `RoadsteadError`, and what `send` throws when the reader is gone.
    public let run: @Sendable (@escaping Send) async throws -> Void
    /// Whether its events have a form as lines of text.
    public let hasLines: Bool

    public init(hasLines: Bool = true, _ run: @escaping @Sendable (@escaping Send) async throws -> Void) {
        (self.hasLines, self.run) = (hasLines, run)
    }
}

/// The arguments of a stream, as they stand in the query of its URL.
struct StreamArguments {
    let body: JSONObject

    func text(_ name: String) -> String? {
        body[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? body[name]?.arrayValue?.last?.stringValue
    }

    func texts(_ name: String) -> [String] {
        (body[name]?.arrayValue ?? body[name].map { [$0] } ?? []).compactMap(\.stringValue).filter { !$0.isEmpty }
    }

    /// `true`, `1`, `yes`, or the name alone.
    func flag(_ name: String) -> Bool {
        guard let value = body[name] else { return false }
        if let flag = value.boolValue { return flag }
        return ["", "true", "1", "yes"].contains(value.stringValue?.lowercased())
    }

    /// Throws `invalidInput` for what is no number within the range.
    func number(_ name: String, in range: ClosedRange<Int>) throws(RoadsteadError) -> Int? {
        guard let text = text(name) ?? body[name]?.integerValue.map(String.init) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw RoadsteadError(
                .invalidInput, "\(name)=\(text.prefix(40)) is no number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// A moment (`2026-11-22T10:00:00Z`), or so long ago (`90s`, `10m`, `2h`, `1d`).
    func moment(_ name: String, now: Instant) throws(RoadsteadError) -> Instant? {
        guard let text = text(name) else { return nil }
        if let moment = Instant(rfc3339: text) { return moment }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        {
            return now - .seconds(count * unit)
        }
        throw RoadsteadError(
            .invalidInput,
            "\(name)=\(text.prefix(40)) is no moment; write 2026-11-22T10:00:00Z, or 10m for ten minutes ago")
    }
}
