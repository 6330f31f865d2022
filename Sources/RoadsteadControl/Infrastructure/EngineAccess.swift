import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadStore

/// The way from a Swarm credential to a client of its engine: service, endpoint, TLS, with the key opened for it alone.
public struct EngineAccess: Sendable {
    private let store: DocumentStore
    private let logger: Logger
    private let options: EngineOptions

    public init(store: DocumentStore, logger: Logger, options: EngineOptions = EngineOptions()) {
        self.store = store
        self.logger = logger
        self.options = options
    }

    /// The service that the credential belongs to. Throws `invalidState` when there is none any more.
    public func service(of credential: StoredDocument) async throws -> StoredDocument {
        guard let parent = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }),
            let service = try await store.find(parent)
        else {
            throw RoadsteadError(
                .invalidState, "\(credential.id) belongs to no infrastructure service; set its parent to one",
                context: ["resource-id": credential.id.description])
        }
        return service
    }

    /// Throws `EngineError` when endpoint or certificates cannot be used as they are written.
    public func endpoint(credential: StoredDocument, service: StoredDocument) throws -> EngineEndpoint {
        let ca = credential["ca"]?.stringValue
        let certificate = credential["cert"]?.stringValue
        let key = try store.opened("key", of: credential)
        let hasTLS = ca != nil || certificate != nil || key != nil
        let tls = hasTLS ? EngineTLS(ca: ca, certificate: certificate, key: key) : nil
        return try EngineEndpoint.parse(service["endpoint"]?.stringValue ?? "", tls: tls)
    }

    /// Runs `body` with a client that is shut down afterwards. Throws what `body` throws, and `EngineError`.
    public func withEngine<Value: Sendable>(
        credential: StoredDocument, _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        try await withEngine(credential: credential, service: try await service(of: credential), body)
    }

    /// As above, for a service that need not be in the store.
    func withEngine<Value: Sendable>(
        credential: StoredDocument, service: StoredDocument, _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        let endpoint = try endpoint(credential: credential, service: service)
        let engine = try EngineClient(endpoint: endpoint, options: options, logger: logger)
        do {
            let value = try await body(engine)
            await engine.shutdown()
            return value
        } catch {
            await engine.shutdown()
            throw error
        }
    }
}

extension EngineClient {
    /// Where the engine of another node of its Swarm should be. nil as well for an address on this machine, unless the
    /// Swarm itself is: a Swarm must not send the server anywhere that its service could not be registered at.
    func nodeEndpoint(at address: String) -> EngineEndpoint? {
        guard let node = endpoint.at(host: address) else { return nil }
        return LocalEndpoint.isLocal(node.description) && !LocalEndpoint.isLocal(endpoint.description) ? nil : node
    }
}
