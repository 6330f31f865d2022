import NIOCore
import NIOPosix
import NIOSSL

/// One connection to the fake engine, as bytes.
public struct FakeConnection: Sendable {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    /// What came behind the request already.
    let rest: [UInt8]
    private let iterator: FakeIterator

    init(
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, iterator: FakeIterator, rest: [UInt8],
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    ) {
        (self.outbound, self.iterator, self.rest, self.inbound) = (outbound, iterator, rest, inbound)
    }

    public func write(_ bytes: some Sequence<UInt8>) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Until the peer ends its side.
    public func read() async throws -> [UInt8]? { try await iterator.next() }
}

/// The one iterator of a connection; only the connection's own task uses it.
final class FakeIterator: @unchecked Sendable {
    // @unchecked: the connection's loop and, after it, a hijacking closure use it one after the other, in one task.
    private var base: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

    init(_ base: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) { self.base = base }

    func next() async throws -> [UInt8]? { try await base.next().map { Array($0.readableBytesView) } }
}

/// The plumbing of `FakeEngine`.
enum FakeServer {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    /// Of bare channels: an asynchronous one that nobody takes, because the server ends first, ends the process
    /// ("Deinited NIOAsyncWriter without calling finish()").
    typealias Server = NIOAsyncChannel<any Channel, Never>

    static func bind(_ listener: FakeEngine.Listener, socket: String) async throws -> Server {
        var tls: NIOSSLContext?
        if case .tls(let configuration) = listener { tls = try NIOSSLContext(configuration: configuration) }
        let context = tls
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
        let setUp: @Sendable (any Channel) -> EventLoopFuture<any Channel> = { channel in
            channel.eventLoop.makeCompletedFuture {
                if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                return channel
            }
        }
        if case .socket = listener {
            return try await bootstrap.bind(unixDomainSocketPath: socket, childChannelInitializer: setUp)
        }
        if case .address(let host, let port) = listener {
            return try await bootstrap.bind(host: host, port: port, childChannelInitializer: setUp)
        }
        return try await bootstrap.bind(host: "127.0.0.1", port: 0, childChannelInitializer: setUp)
    }

    static func serve(_ server: Server, _ engine: FakeEngine) async throws {
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    // A broken or refused connection is the peer's affair, not the server's end.
                    group.addTask { try? await converse(connection, engine) }
                }
            }
        }
    }

    private static func converse(_ channel: any Channel, _ engine: FakeEngine) async throws {
        let connection = try await channel.eventLoop.submit {
            try Connection(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }.get()
        channel.setOption(.autoRead, value: true).whenComplete { _ in }
        try await connection.executeThenClose { inbound, outbound in
            let iterator = FakeIterator(inbound.makeAsyncIterator())
            var parser = FakeRequestParser()
            while let bytes = try await iterator.next() {
                parser.feed(bytes)
                while let request = try parser.next() {
                    let reply = engine.reply(to: request)
                    if case .hijack(let take) = reply {
                        try await outbound.write(ByteBuffer(string: upgrade))
                        return try await take(
                            FakeConnection(outbound, iterator: iterator, rest: parser.takeRest(), inbound: inbound))
                    }
                    guard try await answer(reply, outbound) else { return }
                }
            }
        }
    }

    private static let upgrade =
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\n"
        + "Upgrade: tcp\r\n\r\n"

    /// False when the connection is to be closed.
    private static func answer(
        _ reply: FakeReply, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> Bool {
        switch reply {
        case .whole(let status, let headers, let body):
            var text = ByteBuffer(string: head(status, headers + [("Content-Length", String(body.count))]))
            text.writeBytes(body)
            try await outbound.write(text)
        case .stream(let headers, let chunks):
            try await outbound.write(ByteBuffer(string: head(200, headers + [("Transfer-Encoding", "chunked")])))
            for await chunk in chunks where !chunk.isEmpty {
                var text = ByteBuffer(string: String(chunk.count, radix: 16) + "\r\n")
                text.writeBytes(chunk)
                text.writeString("\r\n")
                try await outbound.write(text)
            }
            try await outbound.write(ByteBuffer(string: "0\r\n\r\n"))
        case .raw(let bytes):
            try await outbound.write(ByteBuffer(bytes: bytes))
            return false
        case .silence: try await Task.sleep(for: .seconds(3600))
        case .hijack: return false
        }
        return true
    }

    private static func head(_ status: Int, _ headers: [(String, String)]) -> String {
        let all = [("Api-Version", "1.41"), ("Server", "Docker/fake")].filter { own in
            !headers.contains { $0.0 == own.0 }
        }
        return "HTTP/1.1 \(status) Whatever\r\n" + (all + headers).map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }
}
