import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose

/// The way to the engine that runs a task: the target's own, or the node's address with the same port and certificates.
struct NodeReach: Sendable {
    let client: EngineClient
    let logger: Logger
    private let own: String?
    private let nodes: [String: SwarmNode]

    init(client: EngineClient, logger: Logger) async throws(EngineError) {
        self.client = client
        self.logger = logger
        own = try await client.info().swarm?.nodeID
        nodes = Dictionary(try await client.nodes().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    /// All nodes of the Swarm.
    var ids: [String] { nodes.keys.sorted { name($0) < name($1) } }

    func name(_ id: String) -> String { nodes[id]?.description?.hostname ?? id }

    /// A client of the node's engine that answers; it has to be shut down unless it is the target's own.
    ///
    /// Throws `unavailable` that names the node.
    func engine(of id: String) async throws -> (client: EngineClient, isOwn: Bool) {
        if id == own { return (client, true) }
        guard let address = nodes[id]?.status?.addr, let endpoint = client.nodeEndpoint(at: address) else {
            throw unreachable(id, "from the endpoint \(client.endpoint) its engine has no address")
        }
        var options = EngineOptions()
        (options.connectTimeout, options.deadline) = (.seconds(4), .seconds(20))
        let engine = try EngineClient(endpoint: endpoint, options: options, logger: logger)
        do {
            guard try await engine.info().swarm?.nodeID == id else {
                throw unreachable(id, "another engine answers at \(endpoint)")
            }
            return (engine, false)
        } catch {
            await engine.shutdown()
            if let error = error as? EngineError { throw unreachable(id, error.words) }
            throw error
        }
    }

    /// Runs `body` with the node's engine. Throws `unavailable` that names a node out of reach.
    func withEngine<Value: Sendable>(
        of id: String, _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        let engine = try await engine(of: id)
        do {
            let value = try await body(engine.client)
            if !engine.isOwn { await engine.client.shutdown() }
            return value
        } catch {
            if !engine.isOwn { await engine.client.shutdown() }
            throw error
        }
    }

    private func unreachable(_ id: String, _ why: String) -> RoadsteadError {
        RoadsteadError(
            .unavailable,
            "node \(name(id)) cannot be reached: \(why); consoles, statistics and what is local to a node need its engine "
                + "to answer at the same port and with the same certificates as the target", context: ["node": name(id)]
        )
    }
}
