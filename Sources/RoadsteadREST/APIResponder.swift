import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// The door for programs: every request of the dialect, from bytes to a use case and back, and one log line each.
public struct APIResponder: HTTPResponder {
    let plane: ControlPlane
    private let isSecure: Bool
    private let proxies: [CIDR]
    private let metrics: ServerMetrics
    private let logger: Logger
    private let requestIDs: RequestIDs
    private let routes: RouteTemplate
    private let openAPI: ByteBuffer
    let idempotent = IdempotentRequests()

    /// `isSecure`: this server speaks TLS itself. `proxies`: whose headers about the caller are believed.
    public init(
        plane: ControlPlane, isSecure: Bool = false, proxies: [CIDR] = [], metrics: ServerMetrics = ServerMetrics(),
        logger: Logger
    ) {
        self.plane = plane
        self.isSecure = isSecure
        self.proxies = proxies
        self.metrics = metrics
        self.logger = logger
        requestIDs = RequestIDs(plane.context.ids)
        routes = RouteTemplate(catalog: plane.resources.catalog)
        let document = OpenAPIDocument(types: plane.resources.catalog.types).json
        openAPI = ByteBuffer(bytes: JSONValue.object(document).serialized())
    }

    /// Never throws: failures are answers too.
    public func respond(to request: Request, context: ConnectionContext) async -> Response {
        let start = ContinuousClock.now
        let requestID = requestIDs.next(request.headers[Self.requestIDHeader])
        var exchange = Exchange(requestID: requestID)
        var response = await answer(request, context: context, &exchange)
        response.headers[Self.requestIDHeader] = requestID
        if request.method == .head {
            response = response.createHeadResponse()
            // An answer without a body must not be announced as compressed: clients would wait to inflate it.
            response.headers[.contentEncoding] = "identity"
        }
        finish(request, response, exchange, ContinuousClock.now - start)
        return response
    }

    /// What is found out about a request on its way, for the log and the metrics.
    private struct Exchange {
        let requestID: String
        var route = "other"
        var requester = ""
    }

    private static let requestIDHeader: HTTPField.Name = HTTPField.Name("X-Request-ID") ?? .server

    private func finish(_ request: Request, _ response: Response, _ exchange: Exchange, _ duration: Duration) {
        metrics.record(request.method.rawValue, exchange.route, status: response.status.code, duration)
        // The path without its query: filters may quote what people search for.
        logger.info(
            "request",
            metadata: [
                "request": "\(exchange.requestID)", "by": "\(exchange.requester)",
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path.prefix(300))",
                "status": "\(response.status.code)", "ms": "\(duration.wholeMilliseconds)",
            ])
    }

    private func answer(_ request: Request, context: ConnectionContext, _ exchange: inout Exchange) async -> Response {
        do {
            let incoming = try await IncomingRequest(request)
            let origin = RequestOrigin(
                headers: request.headers, authority: request.head.authority, peer: context.peer, proxies: proxies)
            return try await answer(incoming, origin: origin, channel: context.channel, &exchange)
        } catch {
            let answer = ErrorAnswer(thrown: error)
            if answer.status >= 500 {
                logger.error("request failed", metadata: ["request": "\(exchange.requestID)", "error": "\(error)"])
            }
            var response = AnswerRenderer.failure(answer)
            if answer.status == 405 { response.headers[.allow] = routes.allowed(at: request.uri.path) }
            if error is BrokenBody || (error as? HTTPFailure)?.endsConnection == true {
                response.headers[.connection] = "close"
            }
            response.headers[.retryAfter] = (error as? RoadsteadError)?.context["retry-after"]
            return response
        }
    }

    private func answer(
        _ request: IncomingRequest, origin: RequestOrigin, channel: any Channel, _ exchange: inout Exchange
    ) async throws -> Response {
        let call = request.call
        try CrossSiteRules.check(call, request)
        exchange.route = routes.name(call)
        let requester = try await plane.authenticator.requester(
            cookie: request.cookie(Authenticator.cookieName), authnInfo: origin.authnInfo)
        exchange.requester = requester.activeClaim
        let scope = RequestScope(
            context: plane.context, by: requester, baseURI: origin.baseURI(isSecure: isSecure),
            clientAddress: origin.clientAddress, serverName: origin.serverName, requestID: exchange.requestID)
        let renderer = AnswerRenderer(
            isSecure: origin.isSecure(isSecure), isPretty: request.isPretty, knownTags: request.headers[.ifNoneMatch])
        return try await perform(call, request, origin: origin, channel: channel, renderer: renderer, in: scope)
    }

    private func perform(
        _ call: APICall, _ request: IncomingRequest, origin: RequestOrigin, channel: any Channel,
        renderer: AnswerRenderer, in scope: RequestScope
    ) async throws -> Response {
        switch call {
        case .options: Response(status: .noContent)
        case .health: AnswerRenderer.json(["status": "up"])
        case .ready: await readiness()
        case .metrics: try await figures(origin: origin, in: scope)
        case .openAPI: Self.text(openAPI, "application/json")
        case .redirect: Response(status: .found, headers: [.location: "/api/cloud-entry-point"])
        case .invalidMethod(let path): throw RoadsteadError.invalidMethod(request.method.lowercased(), path)
        case .unknown(let path): throw Self.unknown(path)
        default:
            try Self.render(
                try await ResourceCall(responder: self, request: request, scope: scope).perform(call), to: request,
                on: channel, origin, renderer)
        }
    }

    private static func render(
        _ answer: ResourceAnswer, to request: IncomingRequest, on channel: any Channel, _ origin: RequestOrigin,
        _ renderer: AnswerRenderer
    ) throws -> Response {
        switch answer.content {
        case .console(let console):
            try ConsoleStream(
                console: console, channel: channel, serverName: origin.serverName
            ).response(to: request)
        case .events(let source):
            try EventSourceStream(
                source: source, isText: request.headers[.accept]?.lowercased().hasPrefix("text/plain") ?? false,
                channel: channel
            ).response()
        default: renderer.render(answer)
        }
    }

    private static func text(_ bytes: ByteBuffer, _ type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: bytes))
    }

    /// 200 when the store can be read and written, else 503 with the reason.
    private func readiness() async -> Response {
        do {
            try await plane.checkReady()
            return AnswerRenderer.json(["ready": true])
        } catch {
            return AnswerRenderer.json(
                ["ready": false, "message": .string(ErrorAnswer(thrown: error).message)], status: 503)
        }
    }

    /// For whoever is on this machine, and for administrators.
    private func figures(origin: RequestOrigin, in scope: RequestScope) async throws -> Response {
        let requester = scope.requester
        guard origin.isLocal || requester.isAdmin && requester.permits("retrieve", type: "metrics", id: nil) else {
            throw RoadsteadError.credentialsRequired
        }
        return Self.text(ByteBuffer(string: try await metrics.text(plane)), PrometheusText.mediaType)
    }

    static func unknown(_ path: String) -> RoadsteadError {
        RoadsteadError(.notFound, "unknown resource: \(path)", context: ["resource-id": path])
    }
}
