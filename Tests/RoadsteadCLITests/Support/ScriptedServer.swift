import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a loopback port that plays answers by request, in the order in which they were given, and keeps
/// what it was asked. The last answer of a request is played again when it is asked more often.
final class ScriptedServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = [("content-type", "application/json")]
        var body = "{}"
        /// The connection is closed before the body's end, as by a server that was killed.
        var breaksOff = false
        /// Nothing is answered at all.
        var isSilent = false

        static func json(_ body: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
            Answer(status: status, headers: headers, body: body)
        }

        static func events(_ body: String, breaksOff: Bool = false) -> Answer {
            Answer(headers: [("content-type", "text/event-stream")], body: body, breaksOff: breaksOff)
        }
    }

    struct Request: Hashable, Sendable {
        var line: String
        var body: String
        var cookie: String?
        var contentType: String?
        var ifMatch: String?
        var lastEventID: String?
    }

    private struct State {
        var answers: [String: [Answer]]
        var requests: [Request] = []
    }

    private let state: Mutex<State>
    private let channel: any Channel
    let port: Int

    private init(channel: any Channel, state: State, port: Int) {
        self.channel = channel
        self.state = Mutex(state)
        self.port = port
    }

    /// Runs `body` with a server whose answers are keyed by `METHOD /path?query`.
    static func with<Value>(
        _ answers: [String: [Answer]], _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let holder = Holder()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler(holder: holder))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(
            channel: channel, state: State(answers: answers), port: channel.localAddress?.port ?? 0)
        holder.server.withLock { $0 = server }
        do {
            let value = try await body(server)
            holder.server.withLock { $0 = nil }
            try await channel.close()
            return value
        } catch {
            holder.server.withLock { $0 = nil }
            try? await channel.close()
            throw error
        }
    }

    var requests: [Request] { state.withLock { $0.requests } }

    private func answer(_ request: Request) -> Answer {
        state.withLock { state in
            state.requests.append(request)
            guard var queue = state.answers[request.line], let first = queue.first else {
                return .json(#"{"status":404,"message":"nothing is scripted for \#(request.line)"}"#, status: 404)
            }
            if queue.count > 1 { queue.removeFirst() }
            state.answers[request.line] = queue
            return first
        }
    }

    private final class Holder: Sendable {
        let server = Mutex<ScriptedServer?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let holder: Holder
        private var head: HTTPRequestHead?
        private var body = ""

        init(holder: Holder) { self.holder = holder }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, "")
            case .body(let buffer): body += String(buffer: buffer)
            case .end: respond(context)
            }
        }

        private func respond(_ context: ChannelHandlerContext) {
            guard let head, let server = holder.server.withLock({ $0 }) else { return }
            let request = Request(
                line: "\(head.method.rawValue) \(head.uri)", body: body, cookie: head.headers.first(name: "cookie"),
                contentType: head.headers.first(name: "content-type"), ifMatch: head.headers.first(name: "if-match"),
                lastEventID: head.headers.first(name: "last-event-id"))
            let answer = server.answer(request)
            guard !answer.isSilent else { return }
            var headers = HTTPHeaders(answer.headers)
            let length = answer.body.utf8.count + (answer.breaksOff ? 1 : 0)
            headers.add(name: "content-length", value: String(length))
            let status = HTTPResponseStatus(statusCode: answer.status)
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            if answer.breaksOff {
                context.close(promise: nil)
            } else {
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
