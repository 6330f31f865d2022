import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypesHTTP1
import RoadsteadHTTP

/// Completes the pipeline of a new connection: the gate, and the inflating and deflating of bodies, stand between the
/// HTTP parser and the codec, where the types are still those of NIOHTTP1.
///
/// The codec is there already when this handler is added behind it.
public final class ConnectionSetup: ChannelInboundHandler, RemovableChannelHandler {
    public typealias InboundIn = NIOAny

    private let metrics: ServerMetrics

    public init(metrics: ServerMetrics) { self.metrics = metrics }

    public func handlerAdded(context: ChannelHandlerContext) {
        metrics.connectionOpened()
        context.channel.closeFuture.whenComplete { [metrics] _ in metrics.connectionClosed() }
        do {
            let codec = try context.pipeline.syncOperations.handler(type: HTTP1ToHTTPServerCodec.self)
            try context.pipeline.syncOperations.addHandlers(
                [
                    WebSocketUpgrade(), HTTPGate(), ReaderWatch(),
                    NIOHTTPRequestDecompressor(limit: .size(IncomingRequest.largestBody)),
                    HTTPResponseCompressor(responseCompressionPredicate: Self.intent),
                ], position: .before(codec))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    /// JSON of some length is worth it; a stream must not wait in a buffer. The tag of a document tells which of its
    /// two texts it belongs to.
    private static func intent(
        _ head: inout HTTPResponseHead, isSupported: Bool
    ) -> HTTPResponseCompressor.CompressionIntent {
        if head.headers.first(name: "content-encoding") == "identity" {
            head.headers.remove(name: "content-encoding")
            return .doNotCompress
        }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard isSupported, length >= 1024, head.headers.first(name: "content-type") == "application/json" else {
            return .doNotCompress
        }
        if let tag = head.headers.first(name: "etag") {
            head.headers.replaceOrAdd(name: "etag", value: EntityTag.whenCompressed(tag))
        }
        return .compressIfPossible
    }
}
