import NIOCore
import NIOHTTP1
import RoadsteadBasics

/// A piece of what a container or command wrote.
public struct HijackedOutput: Hashable, Sendable {
    /// With a TTY all is `stdout`.
    public var stream: OutputStream
    public var bytes: ByteBuffer
}

/// A connection into a container: write its input, read its output, both at the same time if you like.
///
/// Lives inside the closure that it was given to. The output can be iterated once; it is pulled, so that a slow reader
/// slows the container down instead of filling memory.
public struct HijackedSession: Sendable {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let isFramed: Bool
    let transport: EngineTransport
    let operation: String
    /// Where the size of the TTY is told.
    let resize: EnginePath
    let version: APIVersion

    /// Returns when the bytes are with the kernel.
    public func write(_ bytes: ByteBuffer) async throws(EngineError) {
        let outbound = outbound
        try await transport.failing(operation) { try await outbound.write(bytes) }
    }

    /// Ends the input (`EOF` for the command); output goes on.
    public func finishInput() { outbound.finish() }

    /// Tells the TTY its size (`POST /exec/{id}/resize` or `POST /containers/{id}/resize`).
    public func resize(rows: Int, columns: Int) async throws(EngineError) {
        let request = EngineRequest(
            method: .POST, path: resize, query: ["h": String(rows), "w": String(columns)])
        let response = try await transport.send(request, version: version)
        guard response.status < 400 else {
            throw response.error(operation: request.operation, endpoint: transport.endpoint)
        }
    }

    public var output: Output { Output(session: self) }

    public struct Output: AsyncSequence, Sendable {
        public typealias Element = HijackedOutput
        public typealias Failure = EngineError

        fileprivate let session: HijackedSession

        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(
                session: session, base: session.inbound.makeAsyncIterator(),
                frames: session.isFramed ? StdCopyDemultiplexer() : nil)
        }

        public struct AsyncIterator: AsyncIteratorProtocol {
            public typealias Failure = EngineError

            fileprivate let session: HijackedSession
            fileprivate var base: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
            fileprivate var frames: StdCopyDemultiplexer?
            fileprivate var ready: ArraySlice<HijackedOutput> = []

            /// nil when the command or container has closed its output, and when the task is cancelled.
            public mutating func next() async throws(EngineError) -> HijackedOutput? {
                while true {
                    if let output = ready.popFirst() { return output }
                    guard let bytes = try await pull() else { return nil }
                    guard frames != nil else { return HijackedOutput(stream: .stdout, bytes: bytes) }
                    do {
                        let whole = try frames?.feed(bytes) ?? []
                        ready = whole.map { HijackedOutput(stream: $0.stream, bytes: $0.bytes) }[...]
                    } catch {
                        throw EngineError(
                            .protocolViolation, "the stream is not in the engine's frame format",
                            endpoint: session.transport.endpoint.description, operation: session.operation)
                    }
                }
            }

            private mutating func pull() async throws(EngineError) -> ByteBuffer? {
                do { return try await base.next() } catch {
                    if Task.isCancelled { return nil }
                    throw await session.transport.engineError(error, operation: session.operation)
                }
            }
        }
    }
}
