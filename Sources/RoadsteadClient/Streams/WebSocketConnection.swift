import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import RoadsteadBasics

/// Opens one WebSocket (RFC 6455) and hands its frames over.
struct WebSocketConnection: Sendable {
    let server: ServerAddress
    let options: ClientOptions

    typealias Body<Value> =
        @Sendable (
            NIOAsyncChannelInboundStream<WebSocketFrame>, NIOAsyncChannelOutboundWriter<WebSocketFrame>
        ) async throws -> Value

    /// Throws what the server answers instead of the upgrade.
    func run<Value: Sendable>(
        _ request: APIRequest, cookie: Redacted<String>?, _ body: @escaping Body<Value>
    ) async throws -> Value {
        let handshake = text(of: request, cookie: cookie)
        let tls = try tlsContext()
        let (server, answered) = (server, MultiThreadedEventLoopGroup.singleton.next().makePromise(of: APIAnswer.self))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(options.connectTimeout))
            .connect(host: server.host, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        let isAddress = server.host.contains(":") || server.host.allSatisfy { $0.isNumber || $0 == "." }
                        let name = isAddress ? nil : server.host
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    try pipeline.addHandler(WebSocketHandshake(handshake, answered: answered))
                    return try NIOAsyncChannel<WebSocketFrame, WebSocketFrame>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let answer = try await answered.futureResult.get()
            guard answer.status == 101 else { throw AnswerError.make(answer, from: server) }
            return try await body(inbound, outbound)
        }
    }

    private func tlsContext() throws -> NIOSSLContext? {
        guard server.isSecure else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let text = options.certificateAuthorities {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(text.utf8)))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// All parts are escaped or fixed: no line break can get in.
    private func text(of request: APIRequest, cookie: Redacted<String>?) -> String {
        let query = request.parameters.isEmpty ? "" : "?" + request.parameters.encoded
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        let key = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        var lines = [
            "GET /api/\(request.path)\(query) HTTP/1.1", "Host: \(host):\(server.port)", "User-Agent: roadstead",
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(key)",
        ]
        if let cookie { lines.append("Cookie: \(SessionCookie.name)=\(cookie.exposed)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// Sends the request for the upgrade and reads the answer's head; then frames come and go in its place.
private final class WebSocketHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Of a head, or of an answer that is none of ours.
    private static let limit = 1 << 20

    private let request: String
    private let answered: EventLoopPromise<APIAnswer>
    private var received = ByteBuffer()
    private var isDone = false

    init(_ request: String, answered: EventLoopPromise<APIAnswer>) {
        self.request = request
        self.answered = answered
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        guard received.readableBytes <= Self.limit else { return fail(context, ChannelError.inputClosed) }
        guard let end = received.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: received.readableBytesView[..<end.lowerBound], as: UTF8.self)
        guard let status = Self.status(head) else { return fail(context, ChannelError.inputClosed) }
        if status == 101 {
            received.moveReaderIndex(to: end.upperBound)
            upgrade(context)
        } else {
            answerIfWhole(context, status, head, bodyAt: end.upperBound, atEnd: false)
        }
    }

    private static func status(_ head: String) -> Int? {
        let words = head.split(separator: "\r\n").first?.split(separator: " ") ?? []
        return words.count >= 2 && words[0].hasPrefix("HTTP/1.") ? Int(words[1]) : nil
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        isDone = true
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandlers(
                [WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20))],
                position: .after(self))
            answered.succeed(APIAnswer(status: 101, headers: [:], bytes: []))
            // Frames may have come along with the head.
            if received.readableBytes > 0 { context.fireChannelRead(NIOAny(received)) }
            pipeline.removeHandler(self, promise: nil)
        } catch { fail(context, error) }
    }

    private func answerIfWhole(
        _ context: ChannelHandlerContext, _ status: Int, _ head: String, bodyAt start: Int, atEnd: Bool
    ) {
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
        let body = received.readableBytesView[start...]
        guard atEnd || body.count >= length ?? .max else { return }
        isDone = true
        answered.succeed(APIAnswer(status: status, headers: [:], bytes: Array(body)))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone, let end = received.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: received.readableBytesView[..<end.lowerBound], as: UTF8.self)
            answerIfWhole(context, Self.status(head) ?? 502, head, bodyAt: end.upperBound, atEnd: true)
        }
        if !isDone { fail(context, ChannelError.eof) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context, error) }

    private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
        if !isDone { answered.fail(error) }
        isDone = true
        context.close(promise: nil)
    }
}
