/// One event of a server-sent event stream.
struct ServerSentEvent: Hashable, Sendable {
    var name: String
    var data: String
    /// The last id that the stream had named when the event ended: where to go on from.
    var id = ""
}

/// Reads server-sent events (WHATWG HTML, "Server-sent events") from bytes that come in any pieces.
struct EventStreamParser: Sendable {
    /// Bytes of one event; a longer one is dropped whole, the stream goes on.
    let maximumSize: Int
    /// The last id that the stream has named, with an event or alone.
    private(set) var lastID = ""
    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var size = 0
    private var previousWasReturn = false

    init(maximumSize: Int = 8 << 20) { self.maximumSize = maximumSize }

    /// The events that `bytes` complete.
    mutating func read(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { previousWasReturn = byte == UInt8(ascii: "\r") }
            if byte == UInt8(ascii: "\n"), previousWasReturn { continue }
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                append(byte)
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func append(_ byte: UInt8) {
        size += 1
        if size <= maximumSize { line.append(byte) }
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty { return endEvent() }
        guard line.first != UInt8(ascii: ":") else { return nil }
        let text = String(decoding: line, as: UTF8.self)
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.first == " " { value = value.dropFirst() }
        switch parts[0] {
        case "event": name = String(value)
        case "data": data.append(String(value))
        case "id": lastID = String(value)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer { (name, data, size) = ("", [], 0) }
        guard !data.isEmpty, size <= maximumSize else { return nil }
        return ServerSentEvent(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: lastID)
    }
}
