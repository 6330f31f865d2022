import NIOCore
import NIOWebSocket
import Synchronization

/// What a WebSocket's client has sent: whole texts, and pieces of binary messages as they come.
enum WebSocketMessage: Sendable {
    case binary(ByteBuffer)
    case text(String)
}

/// The frames of one WebSocket between the wire and a task: answers pings and closes, puts texts together, and stops
/// reading while the task does not keep up.
final class WebSocketFrames: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Of a text; texts are controls.
    private static let longestText = 16 << 10
    private static let most = 64

    let messages: AsyncStream<WebSocketMessage>
    private let feed: AsyncStream<WebSocketMessage>.Continuation
    private var context: ChannelHandlerContext?
    private var waiting = 0
    private var isReadHeld = false
    private var text: ByteBuffer?
    private var hasSentClose = false

    init() { (messages, feed) = AsyncStream.makeStream(of: WebSocketMessage.self) }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        feed.finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        feed.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isTooLarge = (error as? NIOWebSocketError) == .invalidFrameLength
        close(context, isTooLarge ? .messageTooLarge : .protocolError)
    }

    // MARK: - In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // RFC 6455, section 5.1: what a client sends is masked.
        guard frame.maskKey != nil else { return close(context, .protocolError) }
        let bytes = frame.unmaskedData
        switch frame.opcode {
        case .binary: deliver(.binary(bytes))
        case .text: take(bytes, isLast: frame.fin, context)
        case .continuation where text != nil: take(bytes, isLast: frame.fin, context)
        case .continuation: deliver(.binary(bytes))
        case .ping: write(context, WebSocketFrame(fin: true, opcode: .pong, data: bytes), nil)
        case .pong: break
        case .connectionClose: close(context, .normalClosure)
        default: close(context, .protocolError)
        }
    }

    private func take(_ bytes: ByteBuffer, isLast: Bool, _ context: ChannelHandlerContext) {
        var whole = text ?? ByteBuffer()
        whole.writeImmutableBuffer(bytes)
        guard whole.readableBytes <= Self.longestText else { return close(context, .messageTooLarge) }
        text = isLast ? nil : whole
        if isLast { deliver(.text(String(buffer: whole))) }
    }

    private func deliver(_ message: WebSocketMessage) {
        waiting += 1
        feed.yield(message)
    }

    /// A message has been dealt with.
    func consumed() {
        waiting -= 1
        guard isReadHeld, waiting <= Self.most / 2 else { return }
        isReadHeld = false
        context?.read()
    }

    func read(context: ChannelHandlerContext) {
        if waiting >= Self.most { isReadHeld = true } else { context.read() }
    }

    // MARK: - Out

    /// What is behind this handler speaks HTTP: nothing of it may reach the wire.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) { promise?.succeed() }

    func send(_ frame: WebSocketFrame) -> EventLoopFuture<Void>? {
        guard let context else { return nil }
        let promise = context.eventLoop.makePromise(of: Void.self)
        write(context, frame, promise)
        return promise.futureResult
    }

    private func write(_ context: ChannelHandlerContext, _ frame: WebSocketFrame, _ promise: EventLoopPromise<Void>?) {
        context.writeAndFlush(wrapOutboundOut(frame), promise: promise)
    }

    /// Says why, once, and ends the messages.
    func close(_ code: WebSocketErrorCode) { if let context { close(context, code) } }

    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        feed.finish()
        guard !hasSentClose else { return }
        hasSentClose = true
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        write(context, WebSocketFrame(fin: true, opcode: .connectionClose, data: data), nil)
    }
}

/// One WebSocket, for tasks.
struct WebSocket: Sendable {
    private let frames: NIOLoopBound<WebSocketFrames>
    private let loop: any EventLoop
    let messages: AsyncStream<WebSocketMessage>

    /// Throws when the channel has not been upgraded.
    init(on channel: any Channel) async throws {
        let loop = channel.eventLoop
        let found = try await loop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: WebSocketFrames.self)
            return (NIOLoopBound(handler, eventLoop: loop), handler.messages)
        }.get()
        (frames, messages, self.loop) = (found.0, found.1, loop)
    }

    /// Returns when the bytes are with the kernel; throws when the connection is gone.
    func send(_ frame: WebSocketFrame) async throws {
        let frames = frames
        try await loop.flatSubmit {
            frames.value.send(frame) ?? frames.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }.get()
    }

    func consumed() {
        let frames = frames
        loop.execute { frames.value.consumed() }
    }

    func close() async {
        let frames = frames
        // One that is closed already needs no closing.
        try? await loop.submit { frames.value.close(.normalClosure) }.get()
    }
}
