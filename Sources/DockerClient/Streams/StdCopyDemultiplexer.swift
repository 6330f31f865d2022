import NIOCore

/// Where a piece of a container's output comes from (the first byte of a frame's header).
public enum OutputStream: UInt8, Sendable, Hashable {
    case stdin = 0
    case stdout = 1
    case stderr = 2
    /// The engine's own words in the middle of a stream, for example that a node's logs cannot be had.
    case system = 3
}

/// Takes the engine's multiplexed streams apart: frames of one byte stream, three zeros, a length in four bytes (big
/// endian), then that many bytes. Format: Engine API, "Attach to a container", stream format.
///
/// Pure: bytes in, frames out. A frame longer than the limit, or a header that is none, is an error: a stream with a
/// TTY has no frames, and reading one as frames must not turn into waiting for gigabytes.
struct StdCopyDemultiplexer: Sendable {
    struct Frame: Hashable, Sendable {
        var stream: OutputStream
        var bytes: ByteBuffer
    }

    enum Violation: Error, Hashable {
        case notAFrame
        case tooLong(Int)
        /// The stream ended inside a frame.
        case cutOff
    }

    let limit: Int
    private var buffer = ByteBuffer()

    init(limit: Int = 16 << 20) { self.limit = limit }

    mutating func feed(_ bytes: ByteBuffer) throws(Violation) -> [Frame] {
        buffer.writeImmutableBuffer(bytes)
        var frames: [Frame] = []
        while let header = buffer.getInteger(at: buffer.readerIndex, as: UInt64.self) {
            guard let stream = OutputStream(rawValue: UInt8(header >> 56)), header >> 32 & 0xFF_FFFF == 0 else {
                throw .notAFrame
            }
            let length = Int(header & 0xFFFF_FFFF)
            guard length <= limit else { throw .tooLong(length) }
            guard buffer.readableBytes >= 8 + length else { break }
            buffer.moveReaderIndex(forwardBy: 8)
            guard length > 0, let payload = buffer.readSlice(length: length) else { continue }
            frames.append(Frame(stream: stream, bytes: payload))
        }
        buffer.discardReadBytes()
        return frames
    }

    func finish() throws(Violation) { if buffer.readableBytes > 0 { throw .cutOff } }
}
