import NIOCore
import NIOHTTP1
import NIOWebSocket
import RoadsteadHTTP

/// Turns a connection into a WebSocket (RFC 6455) when a request to do so is answered with 101.
///
/// The request passes as any other one, so that identity, rights, log and metrics are those of every request. When the
/// answer's head comes by, this handler, the outermost behind the HTTP parser, puts the frames' codec in the parser's
/// place. Whatever the request's answer writes then is no HTTP any more and goes nowhere; its end closes the connection.
final class WebSocketUpgrade: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A frame that is larger than this closes the connection.
    static let largestFrame = 64 << 10

    private var asksForUpgrade = false
    private var isUpgraded = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            // The parser stops behind such a request, whatever becomes of it.
            asksForUpgrade =
                head.headers.contains(name: "upgrade") && Self.names("upgrade", in: head.headers["connection"])
        }
        context.fireChannelRead(data)
    }

    private static func names(_ token: String, in values: [String]) -> Bool {
        values.contains { value in
            value.lowercased().split(separator: ",").contains { $0.trimmingBlanks() == token }
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        if isUpgraded {
            promise?.succeed()
            if case .end = part { context.close(promise: nil) }
            return
        }
        guard case .head(let head) = part, head.status == .switchingProtocols else {
            context.write(data, promise: promise)
            if case .end = part, asksForUpgrade { closeAfterAnswer(context) }
            return
        }
        context.writeAndFlush(data, promise: promise)
        isUpgraded = true
        do { try swapCodecs(context) } catch { context.close(promise: nil) }
    }

    private func swapCodecs(_ context: ChannelHandlerContext) throws {
        let pipeline = context.pipeline.syncOperations
        try pipeline.addHandlers(
            [
                WebSocketFrameEncoder(),
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Self.largestFrame)), WebSocketFrames(),
            ], position: .before(self))
        pipeline.removeHandler(try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self), promise: nil)
        pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self), promise: nil)
    }

    /// A next request could not be read.
    private func closeAfterAnswer(_ context: ChannelHandlerContext) {
        context.flush()
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
