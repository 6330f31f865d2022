import NIOCore
import Testing

@testable import DockerClient

@Suite("Hijack handshake")
struct HijackHandshakeTests {
    @Test("finds the end of the head however the bytes are cut", arguments: ["101 UPGRADED", "200 OK"])
    func upgraded(status: String) {
        let bytes = Array("HTTP/1.1 \(status)\r\nConnection: Upgrade\r\n\r\nrest".utf8)
        for cut in 0..<bytes.count {
            var handshake = HijackHandshake()
            if case .upgraded = handshake.feed(ByteBuffer(bytes: bytes[..<cut])) {
                #expect(cut >= bytes.count - 4)
                continue
            }
            #expect(handshake.feed(ByteBuffer(bytes: bytes[cut...])) == .upgraded(ByteBuffer(string: "rest")))
        }
    }

    @Test("gives the engine's refusal with its whole body") func refused() {
        var handshake = HijackHandshake()
        let head = "HTTP/1.1 404 Not Found\r\ncontent-length: 15\r\n\r\n"
        #expect(handshake.feed(ByteBuffer(string: head + "{\"message\":")) == .more)
        #expect(
            handshake.feed(ByteBuffer(string: "\"x\"}"))
                == .refused(status: 404, body: ByteBuffer(string: "{\"message\":\"x\"}")))
    }

    @Test("takes a body without a length to reach to the end of the connection") func noLength() {
        var handshake = HijackHandshake()
        #expect(handshake.feed(ByteBuffer(string: "HTTP/1.0 400 Bad Request\r\n\r\nwords")) == .more)
        #expect(handshake.finish() == .refused(status: 400, body: ByteBuffer(string: "words")))
    }

    @Test("refuses what is not HTTP", arguments: ["SSH-2.0-x\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n"])
    func malformed(text: String) {
        var handshake = HijackHandshake()
        #expect(handshake.feed(ByteBuffer(string: text)) == .malformed)
    }

    @Test("refuses a head without an end, and a connection that ends in it") func endless() {
        var handshake = HijackHandshake()
        #expect(handshake.feed(ByteBuffer(string: "HTTP/1.1 101 x\r\n")) == .more)
        #expect(handshake.feed(ByteBuffer(string: String(repeating: "a: b\r\n", count: 20_000))) == .malformed)
        var other = HijackHandshake()
        #expect(other.feed(ByteBuffer(string: "HTTP/1.1 101")) == .more)
        #expect(other.finish() == .malformed)
    }
}
