import NIOCore
import NIOSSL

/// Sends the request when the connection stands, reads the answer's head, and then only passes bytes on.
///
/// `done` fails with an `EngineError`-to-be: the raw error, which the transport explains as it does all others.
final class HijackHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The engine's refusal.
    struct Refusal: Error {
        let status: Int
        let body: ByteBuffer
    }

    struct Malformed: Error {}

    private let request: ByteBuffer
    private let done: EventLoopPromise<Void>
    private var handshake: HijackHandshake? = HijackHandshake()

    init(request: ByteBuffer, done: EventLoopPromise<Void>) {
        (self.request, self.done) = (request, done)
    }

    func channelActive(context: ChannelHandlerContext) {
        // Over TLS the write waits in the TLS handler until the server has proved who it is.
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        // Nothing is read for the consumer until it asks; the head has to be read before.
        context.read()
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The peer will send nothing more: before the head's end that is the end of all hope.
        if case .inputClosed? = event as? ChannelEvent { finish(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let outcome = handshake?.feed(bytes) else { return context.fireChannelRead(data) }
        settle(outcome, context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if handshake != nil { context.read() }
        context.fireChannelReadComplete()
    }

    private func settle(_ outcome: HijackHandshake.Outcome, _ context: ChannelHandlerContext) {
        switch outcome {
        case .more: return
        case .upgraded(let rest):
            handshake = nil
            done.succeed()
            if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
        case .refused(let status, let body): fail(Refusal(status: status, body: body), context)
        case .malformed: fail(Malformed(), context)
        }
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        handshake = nil
        done.fail(error)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Engines end a hijacked TLS connection without TLS's good-bye; when the container's output ended, that is the end.
        if handshake == nil, case .uncleanShutdown? = error as? NIOSSLError { return }
        done.fail(error)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(context)
        context.fireChannelInactive()
    }

    private func finish(_ context: ChannelHandlerContext) {
        if let outcome = handshake?.finish() { settle(outcome, context) }
        done.fail(ChannelError.eof)
    }
}
