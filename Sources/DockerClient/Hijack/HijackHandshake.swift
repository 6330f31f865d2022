import NIOCore

/// The HTTP part of a hijacked connection: one answer's head, after which the bytes belong to the container. Pure.
///
/// async-http-client cannot hand over a connection after `101 Switching Protocols`, and NIO's upgrader sends no body
/// with its request; so the head is read here.
struct HijackHandshake: Sendable {
    enum Outcome: Equatable, Sendable {
        case more
        /// Taken over; these bytes came behind the head already.
        case upgraded(ByteBuffer)
        /// The engine answered an ordinary response.
        case refused(status: Int, body: ByteBuffer)
        case malformed
    }

    /// Bytes of a head, and of a refusal's body.
    static let limit = 64 << 10

    private var received = ByteBuffer()

    mutating func feed(_ bytes: ByteBuffer) -> Outcome {
        received.writeImmutableBuffer(bytes)
        return judge(isAtEnd: false)
    }

    /// The peer closed the connection.
    mutating func finish() -> Outcome {
        let outcome = judge(isAtEnd: true)
        return outcome == .more ? .malformed : outcome
    }

    private func judge(isAtEnd: Bool) -> Outcome {
        let view = received.readableBytesView
        guard let end = view.firstRange(of: "\r\n\r\n".utf8) else {
            return view.count > Self.limit ? .malformed : .more
        }
        let lines = String(decoding: view[..<end.lowerBound], as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let status = lines.first.flatMap(Self.status) else { return .malformed }
        let rest = ByteBuffer(view[end.upperBound...])
        // 101 when the upgrade was asked for, 200 from engines that only know the older way.
        if status == 101 || status == 200 { return .upgraded(rest) }
        let length = lines.dropFirst().compactMap(Self.contentLength).first
        let isWhole = length.map { rest.readableBytes >= $0 } ?? false
        return isWhole || isAtEnd || rest.readableBytes > Self.limit ? .refused(status: status, body: rest) : .more
    }

    private static func status(_ line: Substring) -> Int? {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3 else { return nil }
        return Int(words[1])
    }

    private static func contentLength(_ line: Substring) -> Int? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
        return Int(parts[1].drop { $0 == " " })
    }
}
