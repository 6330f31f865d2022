import Logging
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What every use case needs: the store, time, identifiers, and where to write.
public struct ControlContext: Sendable {
    public let store: DocumentStore
    public let clock: any WallClock
    public let ids: any IDSource
    public let hasher: PasswordHasher
    /// Counts failed logins.
    public let throttle: LoginThrottle
    /// Who may register services on this machine.
    public let localEndpoints: LocalEndpointPolicy
    /// What tasks wrote that have died.
    public let deadTasks: DeadTaskLogs
    public let logger: Logger

    public init(
        store: DocumentStore, clock: any WallClock, ids: any IDSource, hasher: PasswordHasher,
        throttle: LoginThrottle = LoginThrottle(), localEndpoints: LocalEndpointPolicy = .administrators,
        logger: Logger
    ) {
        self.store = store
        self.clock = clock
        self.ids = ids
        self.hasher = hasher
        self.throttle = throttle
        self.localEndpoints = localEndpoints
        self.logger = logger
        deadTasks = DeadTaskLogs(database: store.path)
    }
}

/// One request: who asks, and by which door.
public struct RequestScope: Sendable {
    public let context: ControlContext
    public private(set) var requester: Requester
    /// The API's base as the caller sees it, ending in `/api/`.
    public let baseURI: String
    public let clientAddress: String?
    /// The host that the caller asked for.
    public let serverName: String?
    /// Stands in the log beside what this request wrote.
    private let requestID: String?
    /// Under which name the answer of an add is kept.
    var idempotency: IdempotencyKey?

    public init(
        context: ControlContext, by requester: Requester, baseURI: String = "http://localhost/api/",
        clientAddress: String? = nil, serverName: String? = nil, requestID: String? = nil
    ) {
        self.context = context
        self.requester = requester
        self.baseURI = baseURI
        self.clientAddress = clientAddress
        self.serverName = serverName
        self.requestID = requestID
    }

    public var logger: Logger {
        var logger = context.logger
        if let requestID { logger[metadataKey: "request"] = "\(requestID)" }
        return logger
    }

    public var store: DocumentStore { context.store }
    public var now: Instant { context.clock.now }

    /// The base without `/api/`: where containers find this server.
    public var endpoint: String { baseURI.hasSuffix("/api/") ? String(baseURI.dropLast(5)) : baseURI }

    /// This request made by somebody else: consequences that the caller could not do itself.
    public func acting(as requester: Requester) -> RequestScope {
        var scope = self
        scope.requester = requester
        scope.idempotency = nil
        return scope
    }

    /// A document that the request refers to, when the caller has the right on it; `notFound`, `forbidden`.
    public func get(_ id: ResourceID, with right: AccessRight) async throws -> StoredDocument {
        let document = try await store.get(id)
        guard rights(on: document.body).contains(right) else { throw .forbidden(id.description) }
        return document
    }

    public func rights(on document: JSONObject) -> Set<AccessRight> {
        AccessList.rights(on: document, of: requester.claims)
    }
}

extension Error where Self == RoadsteadError {
    /// The dialect's words for a resource that the caller may not touch.
    public static func forbidden(_ id: String) -> RoadsteadError {
        RoadsteadError(.forbidden, "invalid credentials for '\(id)'", context: ["resource-id": id])
    }

    /// The dialect's words where no resource is identified.
    public static var credentialsRequired: RoadsteadError { RoadsteadError(.forbidden, "credentials required") }

    /// A verb that the type does not have: 405.
    public static func invalidMethod(_ verb: String, _ path: String) -> RoadsteadError {
        RoadsteadError(
            .unsupported, "invalid method (\(verb)) for \(path)", context: ["verb": verb, "resource-id": path])
    }

    public static func noSuchAction(_ action: String, _ id: String) -> RoadsteadError {
        RoadsteadError(.notFound, "\(id) has no action '\(action)'", context: ["resource-id": id])
    }
}
