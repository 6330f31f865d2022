import NIOCore
import NIOHTTP1
import NIOPosix
import RoadsteadBasics
import Testing

/// What is no HTTP, at the socket: an answer, an end, and a server that lives on.
@Suite struct GateTests {
    static let texts: [(String, String)] = [
        ("GARBAGE\r\n\r\n", "HTTP/1.1 400"),
        ("GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400"),
        ("GET /health HTTP/1.1\r\nHost: x\r\nx-big: \(String(repeating: "a", count: 40_000))\r\n\r\n", "HTTP/1.1 431"),
        (
            "GET /health HTTP/1.1\r\nHost: x\r\n"
                + (0..<300).map { "x-\($0): 1\r\n" }.joined() + "\r\n", "HTTP/1.1 431"
        ),
        ("GET /health HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\nGARBAGE\r\n\r\n", "HTTP/1.1 200"),
        (
            "POST /api/module HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nAccept-Encoding: gzip\r\n\r\nzz\r\n",
            "HTTP/1.1 400"
        ),
        ("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "HTTP/1.1 400"),
    ]

    @Test("garbage is told that it is, and the next one is served", arguments: texts)
    func garbage(_ text: String, _ start: String) async throws {
        try await TestServer.run { server in
            let answer = try await Self.exchange(text, port: server.port)
            #expect(answer.hasPrefix(start), "\(answer)")
            if start.hasSuffix("200") { #expect(answer.contains("HTTP/1.1 400")) }
            #expect(try await server.send(.GET, "/health").status == 200)
        }
    }

    /// Everything that comes back until the server ends the connection.
    private static func exchange(_ text: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            for try await part in inbound { answer += String(buffer: part) }
            return answer
        }
    }
}
