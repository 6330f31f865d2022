import NIOHTTP1
import RoadsteadBasics
import Synchronization

/// Client of a server's REST API (Nuvla's dialect): documents, actions, sessions, and jobs as they go.
///
/// Every call has a deadline and a cap on the answer. Every throw is a ``RoadsteadError``: `unavailable` when the server
/// cannot be reached, otherwise what its status and message mean. Call ``shutdown()`` when done.
public final class APIClient: Sendable {
    public let server: ServerAddress
    let transport: HTTPTransport
    let clock: any WallClock
    private let cookie: Mutex<Redacted<String>?>

    /// `session` is the token of an earlier login. Throws invalidInput when the given authorities are not PEM.
    public init(
        server: ServerAddress, session: Redacted<String>? = nil, options: ClientOptions = ClientOptions(),
        clock: any WallClock = SystemClock()
    ) throws(RoadsteadError) {
        self.server = server
        self.clock = clock
        transport = try HTTPTransport(server: server, options: options)
        cookie = Mutex(session)
    }

    public func shutdown() async { await transport.shutdown() }

    /// The session's token, to be kept for the next client.
    public var session: Redacted<String>? { cookie.withLock { $0 } }

    func replaceSession(_ token: Redacted<String>?) { cookie.withLock { $0 = token } }

    func send(_ request: APIRequest) async throws(RoadsteadError) -> APIAnswer {
        let answer = try await transport.send(request, cookie: session)
        if answer.isSuccess, let token = SessionCookie.token(in: answer.headers) { replaceSession(token) }
        return answer
    }

    func object(_ request: APIRequest) async throws(RoadsteadError) -> JSONObject {
        try await send(request).object(from: server)
    }
}

// MARK: - Documents

extension APIClient {
    /// `GET /api/{id}`. Throws notFound, forbidden.
    public func get(_ id: ResourceID, select: [String] = []) async throws(RoadsteadError) -> JSONObject {
        var parameters = FormFields()
        parameters.add("select", select.isEmpty ? nil : select.joined(separator: ","))
        return try await object(APIRequest(method: .GET, path: id.description, parameters: parameters))
    }

    /// `PUT /api/{type}` with a form body. Throws invalidInput for a filter that does not parse.
    public func query(_ type: String, _ query: ClientQuery = ClientQuery()) async throws(RoadsteadError)
        -> CollectionPage
    {
        CollectionPage(try await object(APIRequest(method: .PUT, path: type, body: .form(query.form))))
    }

    /// `POST /api/{type}`; the answer holds the new id. Throws invalidInput, forbidden, conflict.
    public func add(_ type: String, _ document: JSONObject) async throws(RoadsteadError) -> ActionAnswer {
        ActionAnswer(try await object(APIRequest(method: .POST, path: type, body: .json(document))))
    }

    /// `PUT /api/{id}`: `changes` are put over the document, attributes named in `removing` are taken away first.
    /// Answers the whole document.
    public func edit(
        _ id: ResourceID, _ changes: JSONObject, removing: [String] = []
    ) async throws(RoadsteadError) -> JSONObject {
        var parameters = FormFields()
        parameters.add("select", removing.isEmpty ? nil : removing.joined(separator: ","))
        return try await object(
            APIRequest(method: .PUT, path: id.description, parameters: parameters, body: .json(changes)))
    }

    /// Reads a document and puts what `changes` makes of it over the revision that was read. When somebody else was
    /// quicker it is done again, a few times; throws conflict when others never stop. Answers the whole document.
    @discardableResult
    public func change(
        _ id: ResourceID, _ changes: (JSONObject) throws(RoadsteadError) -> JSONObject
    ) async throws(RoadsteadError) -> JSONObject {
        var attempts = 0
        while true {
            attempts += 1
            let read = try await send(APIRequest(method: .GET, path: id.description))
            let changed = try changes(try read.object(from: server))
            var request = APIRequest(method: .PUT, path: id.description, body: .json(changed))
            if let tag = read.headers.first(name: "etag") { request.headers.append((name: "if-match", value: tag)) }
            let answer = try await send(request)
            if answer.status != 412 || attempts == 10 { return try answer.object(from: server) }
        }
    }

    /// `DELETE /api/{id}`.
    @discardableResult
    public func delete(_ id: ResourceID) async throws(RoadsteadError) -> ActionAnswer {
        ActionAnswer(try await object(APIRequest(method: .DELETE, path: id.description)))
    }

    /// `POST /api/{id}/{action}`; `location` of the answer is the job, when the action made one.
    @discardableResult
    public func operation(
        _ action: String, on id: ResourceID, _ body: JSONObject? = nil
    ) async throws(RoadsteadError) -> ActionAnswer {
        let request = APIRequest(method: .POST, path: "\(id)/\(action)", body: body.map(APIRequest.Body.json) ?? .none)
        return ActionAnswer(try await object(request))
    }
}
