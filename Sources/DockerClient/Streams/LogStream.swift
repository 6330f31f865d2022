import NIOCore

/// The entries of a log, in the order in which the engine sends them.
///
/// Pulled: nothing is read ahead of the consumer. Ends when the log ends (or, followed, when the task is cancelled);
/// throws `EngineError` when the connection is lost. Can be iterated once.
public struct LogStream: AsyncSequence, Sendable {
    public typealias Element = LogEntry
    public typealias Failure = EngineError

    let body: EngineBodyStream
    /// Without frames when the container has a TTY.
    let isFramed: Bool
    let hasDetails: Bool

    public struct AsyncIterator: AsyncIteratorProtocol {
        public typealias Element = LogEntry
        public typealias Failure = EngineError

        fileprivate var body: EngineBodyStream.Iterator
        fileprivate var decoder: LogDecoder
        fileprivate var ready: ArraySlice<LogEntry> = []
        fileprivate var isAtEnd = false

        public mutating func next() async throws(EngineError) -> LogEntry? {
            while true {
                if let entry = ready.popFirst() { return entry }
                if isAtEnd { return nil }
                ready = try await pull()[...]
            }
        }

        private mutating func pull() async throws(EngineError) -> [LogEntry] {
            let bytes = try await body.next()
            do {
                if let bytes { return try decoder.feed(bytes) }
                isAtEnd = true
                return decoder.finish()
            } catch { throw body.violation(error) }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeIterator(), decoder: LogDecoder(isFramed: isFramed, hasDetails: hasDetails))
    }
}

/// Bytes of a log in, entries out. Pure.
struct LogDecoder: Sendable {
    private var frames: StdCopyDemultiplexer?
    private var lines = LineSplitter(limit: 8 << 20)
    private var assembler: LogAssembler

    init(isFramed: Bool, hasDetails: Bool) {
        frames = isFramed ? StdCopyDemultiplexer() : nil
        assembler = LogAssembler(hasDetails: hasDetails)
    }

    mutating func feed(_ bytes: ByteBuffer) throws -> [LogEntry] {
        if let whole = try frames?.feed(bytes) {
            return whole.flatMap { assembler.feed($0.stream, $0.bytes) }
        }
        return try lines.feed(bytes).flatMap { line in
            var line = line
            line.writeStaticString("\n")
            return assembler.feed(.stdout, line)
        }
    }

    mutating func finish() -> [LogEntry] {
        let last = frames == nil ? lines.finish().map { assembler.feed(.stdout, $0) } : nil
        return (last ?? []) + assembler.finish()
    }
}
