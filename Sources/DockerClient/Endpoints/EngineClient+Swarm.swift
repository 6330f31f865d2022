import DockerAPI
import RoadsteadBasics

extension EngineClient {
    /// `GET /swarm`: id and join tokens. Managers only.
    public func swarm() async throws(EngineError) -> SwarmCluster { try await get("/swarm") }

    /// `POST /swarm/init`: makes this engine the first manager of a new Swarm; returns its node id.
    public func initSwarm(_ request: SwarmInit) async throws(EngineError) -> String {
        try await post("/swarm/init", [:], request, deadline: transport.options.longDeadline)
    }

    /// `POST /swarm/join`.
    public func joinSwarm(_ request: SwarmJoin) async throws(EngineError) {
        try await act("/swarm/join", [:], request, deadline: transport.options.longDeadline)
    }

    /// `POST /swarm/leave`; a manager leaves only with `force`, and the Swarm may lose its quorum by that.
    public func leaveSwarm(force: Bool = false) async throws(EngineError) {
        try await act("/swarm/leave", ["force": force ? "true" : "false"], deadline: transport.options.longDeadline)
    }

    /// `GET /swarm/unlockkey`: what managers wait for when they are started anew; nil when the Swarm does not lock them.
    public func unlockKey() async throws(EngineError) -> Redacted<String>? {
        let answer: SwarmUnlockKey = try await get("/swarm/unlockkey")
        return answer.key.exposed.isEmpty ? nil : answer.key
    }

    /// `POST /swarm/unlock`, at a manager that waits for the key.
    public func unlockSwarm(_ key: Redacted<String>) async throws(EngineError) {
        try await act("/swarm/unlock", [:], SwarmUnlockKey(key), deadline: transport.options.longDeadline)
    }

    /// `GET /nodes`. Filters: `id`, `label`, `node.label`, `membership`, `name`, `role`.
    public func nodes(_ filters: EngineFilters = [:]) async throws(EngineError) -> [SwarmNode] {
        try await get("/nodes", ["filters": filterText(filters)])
    }

    /// `GET /nodes/{id}`; `id` may be a name.
    public func node(_ id: String) async throws(EngineError) -> SwarmNode { try await get("/nodes/\(id)") }

    /// `POST /nodes/{id}/update`: labels, role and availability. `spec` replaces the whole one.
    public func updateNode(_ id: String, version: ObjectVersion, _ spec: NodeSpec) async throws(EngineError) {
        try await act("/nodes/\(id)/update", ["version": String(version.index)], spec)
    }

    /// `DELETE /nodes/{id}`; `force` for one that is not down.
    public func removeNode(_ id: String, force: Bool = false) async throws(EngineError) {
        try await delete("/nodes/\(id)", ["force": force ? "true" : "false"])
    }
}
