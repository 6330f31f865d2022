import NIOCore
import NIOHTTP1
import RoadsteadBasics
import RoadsteadHTTP
import RoadsteadModel

/// Answers what is no HTTP, as the outermost of the handlers that see requests.
///
/// Nothing behind it may write an answer to what was no request: the compressor takes one request's wishes off a queue
/// for every answer, and ends the process when there is none.
final class HTTPGate: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Requests whose answers are not complete.
    private var underWay = 0
    private var isInBody = false
    private var refusal: ErrorAnswer?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            underWay += 1
            isInBody = true
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        underWay -= 1
        if underWay == 0, refusal != nil { refuse(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, refusal == nil else { return context.fireErrorCaught(error) }
        // A request whose body breaks off is told so by its own answer. The parser's error must not go further: it
        // would be answered a second time.
        if isInBody { return context.fireErrorCaught(BrokenBody()) }
        refusal = Self.answer(error)
        if underWay == 0 { refuse(context) }
    }

    private static func answer(_ error: HTTPParserError) -> ErrorAnswer {
        switch error {
        case .headerOverflow:
            ErrorAnswer(status: 431, message: "the headers are too large; send smaller or fewer ones")
        default: ErrorAnswer(status: 400, message: "this is no HTTP/1.1 request: \(error)")
        }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        guard let refusal else { return }
        let body = JSONValue.object(refusal.json).serialized()
        let headers: HTTPHeaders = [
            "content-type": "application/json", "content-length": String(body.count), "connection": "close",
        ]
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: refusal.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Closing both ways at once with input unread would reset the connection, and the answer might be lost.
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
