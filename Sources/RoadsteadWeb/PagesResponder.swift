import HTTPTypes
import Hummingbird
import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// The door for people: pages and forms, rendered here, and the files that they are made of.
public struct PagesResponder: HTTPResponder {
    /// Told of each answered request: method, page, status, duration.
    public typealias Record = @Sendable (String, String, Int, Duration) -> Void

    private let plane: ControlPlane
    private let isSecure: Bool
    private let proxies: [CIDR]
    private let logger: Logger
    private let requestIDs: RequestIDs
    private let record: Record
    private let renderer: PageRenderer

    /// `isSecure`: this server speaks TLS itself. `proxies`: whose headers about the caller are believed. Traps when a
    /// template is no template, which a test of them all rules out.
    public init(
        plane: ControlPlane, isSecure: Bool = false, proxies: [CIDR] = [], record: @escaping Record = { _, _, _, _ in },
        logger: Logger
    ) {
        self.plane = plane
        self.isSecure = isSecure
        self.proxies = proxies
        self.record = record
        self.logger = logger
        requestIDs = RequestIDs(plane.context.ids)
        renderer = PageRenderer()
    }

    /// Whether a request is for a page. What browsers ask for outside the API is; `/` without that wish stays the
    /// dialect's, which sends programs on to its entry point.
    public static func serves(_ request: Request) -> Bool {
        let path = request.uri.path
        if path.hasPrefix("/api/") || ["/api", "/health", "/ready", "/metrics"].contains(path) { return false }
        if path != "/", PageRoutes.find(method: request.method.rawValue, path: path) != nil { return true }
        return request.headers[.accept]?.lowercased().contains("text/html") ?? false
    }

    /// Never throws: failures are pages too.
    public func respond(to request: Request, context: ConnectionContext) async -> Response {
        let start = ContinuousClock.now
        var exchange = PageExchange(requestID: requestIDs.next(request.headers[Self.requestIDHeader]))
        var response = await answer(request, context: context, &exchange)
        response.headers[Self.requestIDHeader] = exchange.requestID
        if request.method == .head {
            response = response.createHeadResponse()
            // An answer without a body must not be announced as compressed.
            response.headers[.contentEncoding] = "identity"
        }
        finish(request, response, exchange, ContinuousClock.now - start)
        return response
    }

    private static let requestIDHeader: HTTPField.Name = HTTPField.Name("X-Request-ID") ?? .server

    private func finish(_ request: Request, _ response: Response, _ exchange: PageExchange, _ duration: Duration) {
        record(request.method.rawValue, exchange.page, response.status.code, duration)
        logger.info(
            "page",
            metadata: [
                "request": "\(exchange.requestID)", "by": "\(exchange.requester)",
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path.prefix(300))",
                "status": "\(response.status.code)", "ms": "\(duration.wholeMilliseconds)",
            ])
    }

    private func answer(
        _ request: Request, context: ConnectionContext, _ exchange: inout PageExchange
    ) async -> Response {
        let origin = RequestOrigin(
            headers: request.headers, authority: request.head.authority, peer: context.peer, proxies: proxies)
        var frame = renderer.frame(path: request.uri.path, isSecure: origin.isSecure(isSecure))
        do {
            let incoming = try await IncomingRequest(request)
            let requester = try await plane.authenticator.requester(
                cookie: incoming.cookie(Authenticator.cookieName), authnInfo: origin.authnInfo)
            exchange.requester = requester.activeClaim
            let scope = RequestScope(
                context: plane.context, by: requester, baseURI: origin.baseURI(isSecure: isSecure),
                clientAddress: origin.clientAddress, serverName: origin.serverName, requestID: exchange.requestID)
            frame = try await renderer.frame(frame, for: scope, cookie: incoming.cookie(Authenticator.cookieName))
            let call = try PageCall(request: incoming, plane: plane, scope: scope, token: frame.token)
            return renderer.render(try await perform(call, &exchange), in: frame)
        } catch {
            let answer = ErrorAnswer(thrown: error)
            if answer.status >= 500 {
                logger.error("page failed", metadata: ["request": "\(exchange.requestID)", "error": "\(error)"])
            }
            return renderer.render(FailurePage.answer(answer), in: frame)
        }
    }

    private func perform(_ call: PageCall, _ exchange: inout PageExchange) async throws -> PageAnswer {
        guard let match = PageRoutes.find(method: call.request.method, path: call.request.path) else {
            throw RoadsteadError(.notFound, "there is no page '\(call.request.path.prefix(200))'")
        }
        exchange.page = match.route.name
        var call = call
        call.parameters = match.parameters
        if match.route.needsSession, call.scope.requester.isAnonymous { return SignInPage.demanded(by: call) }
        if call.request.method == "POST" { try ForgeryRules.check(call) }
        return try await match.route.answer(call)
    }
}

/// What is found out about a request on its way, for the log and the metrics.
private struct PageExchange {
    let requestID: String
    var page = "page"
    var requester = ""
}
