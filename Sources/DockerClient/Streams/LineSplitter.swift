import NIOCore

/// Cuts a stream of bytes into lines at `\n`. Pure; holds at most one unfinished line, up to `limit` bytes.
struct LineSplitter: Sendable {
    struct TooLong: Error {}

    let limit: Int
    private var buffer = ByteBuffer()
    /// How much of the buffer is known to hold no line end: a long line that trickles in is not searched again and again.
    private var searched = 0

    init(limit: Int = 1 << 20) { self.limit = limit }

    /// The lines that are whole now, without their `\n`; empty ones too.
    mutating func feed(_ bytes: ByteBuffer) throws(TooLong) -> [ByteBuffer] {
        buffer.writeImmutableBuffer(bytes)
        var lines: [ByteBuffer] = []
        while let end = buffer.readableBytesView.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
            let length = end - buffer.readerIndex
            if length <= limit, let line = buffer.readSlice(length: length) {
                lines.append(line)
            } else {
                throw TooLong()
            }
            buffer.moveReaderIndex(forwardBy: 1)
            searched = 0
        }
        searched = buffer.readableBytes
        guard searched <= limit else { throw TooLong() }
        buffer.discardReadBytes()
        return lines
    }

    /// What stands behind the last line end; nil when that is nothing.
    mutating func finish() -> ByteBuffer? {
        defer { (buffer, searched) = (ByteBuffer(), 0) }
        return buffer.readableBytes > 0 ? buffer : nil
    }
}
