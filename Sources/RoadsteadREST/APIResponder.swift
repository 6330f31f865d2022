import HTTPTypes
import Hummingbird
import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// The door for programs: every request of the dialect, from bytes to a use case and back, and one log line each.
public struct APIResponder: HTTPResponder {
    private let plane: ControlPlane
    private let isSecure: Bool
    private let logger: Logger

    /// `isSecure`: this server speaks TLS itself.
    public init(plane: ControlPlane, isSecure: Bool = false, logger: Logger) {
        self.plane = plane
        self.isSecure = isSecure
        self.logger = logger
    }

    /// Never throws: failures are answers too.
    public func respond(to request: Request, context: APIContext) async -> Response {
        let start = ContinuousClock.now
        let requestID = plane.context.ids.makeUUID()
        var logger = logger
        logger[metadataKey: "request"] = "\(requestID)"
        var response = await answer(request, context: context, logger: logger)
        response.headers[Self.requestIDHeader] = requestID
        if request.method == .head { response = response.createHeadResponse() }
        log(request, response, since: start, logger)
        return response
    }

    private static let requestIDHeader: HTTPField.Name = HTTPField.Name("X-Request-ID") ?? .server

    private func log(_ request: Request, _ response: Response, since start: ContinuousClock.Instant, _ logger: Logger) {
        // The path without its query: filters may quote what people search for.
        let milliseconds = (ContinuousClock.now - start).wholeMilliseconds
        logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path.prefix(300))",
                "status": "\(response.status.code)", "ms": "\(milliseconds)",
            ])
    }

    private func answer(_ request: Request, context: APIContext, logger: Logger) async -> Response {
        do {
            let incoming = try await IncomingRequest(request)
            let origin = RequestOrigin(
                headers: request.headers, authority: request.head.authority, peer: context.peer)
            return try await answer(incoming, origin: origin, logger: logger)
        } catch {
            let answer = ErrorAnswer(thrown: error)
            if answer.status >= 500 { logger.error("request failed", metadata: ["error": "\(error)"]) }
            return AnswerRenderer.failure(answer)
        }
    }

    private func answer(_ request: IncomingRequest, origin: RequestOrigin, logger: Logger) async throws -> Response {
        let requester = try await plane.authenticator.requester(cookie: request.cookie(Authenticator.cookieName))
        var logger = logger
        logger[metadataKey: "by"] = "\(requester.activeClaim)"
        let scope = RequestScope(
            context: plane.context, by: requester, baseURI: origin.baseURI(isSecure: isSecure),
            clientAddress: origin.clientAddress, logger: logger)
        let renderer = AnswerRenderer(isSecure: origin.isSecure(isSecure))
        return try await perform(request, renderer: renderer, in: scope)
    }

    private func perform(
        _ request: IncomingRequest, renderer: AnswerRenderer, in scope: RequestScope
    ) async throws -> Response {
        switch request.call {
        case .options: Response(status: .noContent)
        case .health: AnswerRenderer.json(["status": "up"])
        case .ready: await readiness()
        case .redirect: Response(status: .found, headers: [.location: "/api/cloud-entry-point"])
        case .entryPoint: AnswerRenderer.json(.object(plane.entryPoint.document(baseURI: scope.baseURI)))
        case .invalidMethod(let path): throw RoadsteadError.invalidMethod(request.method.lowercased(), path)
        case .unknown(let path): throw unknown(path)
        default: renderer.render(try await resource(request, in: scope))
        }
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

    private func resource(_ request: IncomingRequest, in scope: RequestScope) async throws -> ResourceAnswer {
        let resources = plane.resources
        switch request.call {
        case .add(let type): return try await resources.add(type, request.object(), in: scope)
        case .query(let type):
            return ResourceAnswer(.collection(try await resources.query(type, request.parameters, in: scope)))
        case .bulkDelete(let type):
            try requireBulkHeader(request)
            return .document(try await resources.bulkDelete(type, filters: request.parameters.filters, in: scope))
        case .retrieve(let id):
            return .document(try await resources.get(id, select: request.parameters.select, in: scope))
        case .edit(let id):
            return .document(try await resources.edit(id, request.object(), removing: request.selected, in: scope))
        case .delete(let id): return try await resources.delete(id, in: scope)
        case .perform(let action, let id):
            return try await resources.perform(action, on: id, request.object(), in: scope)
        case .bulkAction(let type, let action): throw RoadsteadError.noSuchAction(action, type)
        default: throw unknown(request.path)
        }
    }

    private func unknown(_ path: String) -> RoadsteadError {
        RoadsteadError(.notFound, "unknown resource: \(path)", context: ["resource-id": path])
    }

    /// Bulk requests carry a header named `bulk`, so that nobody deletes a collection by a forgotten id.
    private func requireBulkHeader(_ request: IncomingRequest) throws {
        guard HTTPField.Name("bulk").flatMap({ request.headers[$0] }) != nil else {
            throw RoadsteadError(.invalidInput, "a bulk request needs the header 'bulk: yes'")
        }
    }
}
