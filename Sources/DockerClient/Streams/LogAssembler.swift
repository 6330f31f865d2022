import NIOCore
import RoadsteadBasics

/// Makes log entries of the pieces that the engine sends. Pure.
///
/// We always ask for timestamps (and for services also for details), so that each piece begins with
/// `2026-11-22T19:34:46.123456789Z ` and `key=value,… `. An engine cuts long lines into pieces of 16 KiB, and each of
/// them begins that way again, and only the last ends with a line end: pieces of one line are put together, per
/// stream and task.
struct LogAssembler: Sendable {
    /// A line longer than this comes in several entries.
    static let lineLimit = 1 << 20
    /// Unfinished lines at a time; the oldest is given out as it is when there are more.
    static let openLimit = 64

    let hasDetails: Bool
    private var open: [Open] = []

    init(hasDetails: Bool) { self.hasDetails = hasDetails }

    private struct Open {
        var entry: LogEntry
        var bytes: [UInt8]

        func belongs(to other: LogEntry) -> Bool { entry.stream == other.stream && entry.details == other.details }
    }

    /// One frame: usually a line with its end.
    mutating func feed(_ stream: OutputStream, _ bytes: ByteBuffer) -> [LogEntry] {
        guard stream != .system else { return [LogEntry(stream: .system, text: Self.text(bytes.readableBytesView))] }
        let (head, body) = parsePrefix(stream, bytes.readableBytesView)
        var entries: [LogEntry] = []
        var rest = body
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            entries += append(rest[..<end], to: head, isLast: true)
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { entries += append(rest, to: head, isLast: false) }
        return entries
    }

    /// The lines that never ended.
    mutating func finish() -> [LogEntry] {
        defer { open = [] }
        return open.map { Self.entry($0) }
    }

    private mutating func append(_ piece: ByteBufferView, to head: LogEntry, isLast: Bool) -> [LogEntry] {
        let index = open.firstIndex { $0.belongs(to: head) }
        var line = index.map { open.remove(at: $0) } ?? Open(entry: head, bytes: [])
        var entries: [LogEntry] = []
        var piece = piece[...]
        while line.bytes.count + piece.count > Self.lineLimit {
            let room = Self.lineLimit - line.bytes.count
            line.bytes += piece.prefix(room)
            piece = piece.dropFirst(room)
            entries.append(Self.entry(line))
            line.bytes = []
        }
        line.bytes += piece
        if isLast { return entries + [Self.entry(line)] }
        open.append(line)
        if open.count > Self.openLimit { entries.append(Self.entry(open.removeFirst())) }
        return entries
    }

    private static func entry(_ line: Open) -> LogEntry {
        var entry = line.entry
        entry.text = text(line.bytes)
        return entry
    }

    /// A TTY ends lines with `\r\n`.
    private static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    private func parsePrefix(
        _ stream: OutputStream, _ bytes: ByteBufferView
    ) -> (head: LogEntry, body: ByteBufferView) {
        var head = LogEntry(stream: stream, text: "")
        let space = UInt8(ascii: " ")
        // An RFC 3339 timestamp with nanoseconds and an offset has at most 35 characters.
        guard let end = bytes.prefix(40).firstIndex(of: space),
            let timestamp = Instant(rfc3339: String(decoding: bytes[..<end], as: UTF8.self))
        else { return (head, bytes) }
        head.timestamp = timestamp
        let body = bytes[(end + 1)...]
        guard hasDetails, let second = body.firstIndex(of: space) else { return (head, body) }
        head.details = Self.details(String(decoding: body[..<second], as: UTF8.self))
        return (head, body[(second + 1)...])
    }

    /// `key=value,key=value`, both sides escaped as in a query.
    static func details(_ text: String) -> [String: String] {
        let pairs = text.split(separator: ",").map { pair in
            let end = pair.firstIndex(of: "=") ?? pair.endIndex
            return (PercentEncoding.decodeQuery(pair[..<end]), PercentEncoding.decodeQuery(pair[end...].dropFirst()))
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }
}
