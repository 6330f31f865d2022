import HTTPTypes
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// One request for resources: from its parts to the use case.
struct ResourceCall {
    let responder: APIResponder
    let request: IncomingRequest
    let scope: RequestScope

    /// Collections whose news can be followed.
    private static let feeds: Set<String> = ["event", "job"]

    private var resources: ResourceService { responder.plane.resources }
    private var entryPoint: CloudEntryPoint { responder.plane.entryPoint }
    private var condition: RevisionCondition { EntityTag.condition(request.headers[.ifMatch]) }

    func perform(_ call: APICall) async throws -> ResourceAnswer {
        switch call {
        case .entryPoint: return .document(try await entryPoint.document(in: scope))
        case .editEntryPoint:
            guard case .merge(let body) = try request.change() else {
                throw HTTPFailure(status: 415, message: "the entry point takes no JSON Patch; send application/json")
            }
            return .document(try await entryPoint.edit(body, removing: request.selected, in: scope))
        case .add(let type):
            let body = try request.addition(to: type)
            // A login is answered with a cookie, which no repetition may get.
            if type == "session" { return try await resources.add(type, body, in: scope) }
            return try await once { try await resources.add(type, body, in: $0) }
        case .query(let type): return try await query(type)
        case .bulkDelete(let type):
            try requireBulkHeader()
            let filters = try request.parameters().filters
            return .document(try await resources.bulkDelete(type, filters: filters, in: scope))
        case .bulkAction(let type, let action):
            try requireBulkHeader()
            return try await resources.performBulk(action, on: type, try request.argument(), in: scope)
        default: return try await performOnResource(call)
        }
    }

    private func performOnResource(_ call: APICall) async throws -> ResourceAnswer {
        switch call {
        case .retrieve(let id): return try await read(id)
        case .edit(let id):
            return .document(
                try await resources.edit(
                    id, try request.change(), removing: request.selected, matching: condition, in: scope))
        case .delete(let id): return try await resources.delete(id, matching: condition, in: scope)
        case .perform(let action, let id):
            let body = action.hasPrefix("stream/") ? request.streamArguments : try request.argument()
            return try await once { try await resources.perform(action, on: id, body, in: $0) }
        default: throw APIResponder.unknown(request.path)
        }
    }

    private func query(_ type: String) async throws -> ResourceAnswer {
        let parameters = try request.parameters()
        if request.wantsEvents, request.method == "GET", Self.feeds.contains(type) {
            let place = request.header("Last-Event-ID")
            return ResourceAnswer(.feed(try resources.feed(type, parameters, after: place, in: scope)))
        }
        if !request.isPretty, let page = try await resources.queryText(type, parameters, in: scope) {
            return ResourceAnswer(.text(page))
        }
        return ResourceAnswer(.collection(try await resources.query(type, parameters, in: scope)))
    }

    private func read(_ id: ResourceID) async throws -> ResourceAnswer {
        let select = try request.parameters().select
        if select == nil, !request.isPretty, let answer = try await resources.readText(id, in: scope) {
            return ResourceAnswer(.text(answer.text), revision: answer.revision)
        }
        return .document(try await resources.read(id, select: select, in: scope))
    }

    /// Does what a POST asks for once an `Idempotency-Key`. Strangers have no name that answers could be kept under.
    private func once(
        _ work: (RequestScope) async throws -> ResourceAnswer
    ) async throws -> ResourceAnswer {
        guard request.method == "POST", !scope.requester.isAnonymous, let text = request.header("Idempotency-Key")
        else { return try await work(scope) }
        let key = try IdempotencyKey(
            text, request: request.path + "?" + request.query, body: request.body, in: scope)
        return try await responder.idempotent.perform(key, in: scope, work)
    }

    /// Bulk requests carry a header named `bulk`, so that nobody deletes a collection by a forgotten id.
    private func requireBulkHeader() throws {
        guard request.header("bulk") != nil else {
            throw RoadsteadError(.invalidInput, "a bulk request needs the header 'bulk: yes'")
        }
    }
}
