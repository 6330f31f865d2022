import DockerAPI

extension EngineClient {
    /// `GET /configs`. Filters: `id`, `label`, `name` (a prefix).
    public func configs(_ filters: EngineFilters = [:]) async throws(EngineError) -> [SwarmConfig] {
        try await get("/configs", ["filters": filterText(filters)])
    }

    /// `GET /configs/{id}`; `id` may be a name.
    public func config(_ id: String) async throws(EngineError) -> SwarmConfig { try await get("/configs/\(id)") }

    /// `POST /configs/create`: returns the id. Status 409 when the name is taken.
    public func createConfig(_ spec: FileSpec) async throws(EngineError) -> String {
        let answer: Created = try await post("/configs/create", [:], spec)
        return answer.id
    }

    /// `POST /configs/{id}/update`: the engine accepts a change of labels only.
    public func updateConfig(_ id: String, version: ObjectVersion, _ spec: FileSpec) async throws(EngineError) {
        try await act("/configs/\(id)/update", ["version": String(version.index)], spec)
    }

    /// `DELETE /configs/{id}`; status 400 while a service uses it.
    public func removeConfig(_ id: String) async throws(EngineError) { try await delete("/configs/\(id)") }

    /// `GET /secrets`, without their data. Filters as for configs.
    public func secrets(_ filters: EngineFilters = [:]) async throws(EngineError) -> [SwarmSecret] {
        try await get("/secrets", ["filters": filterText(filters)])
    }

    /// `GET /secrets/{id}`; `id` may be a name.
    public func secret(_ id: String) async throws(EngineError) -> SwarmSecret { try await get("/secrets/\(id)") }

    /// `POST /secrets/create`: returns the id. Status 409 when the name is taken.
    public func createSecret(_ spec: FileSpec) async throws(EngineError) -> String {
        let answer: Created = try await post("/secrets/create", [:], spec)
        return answer.id
    }

    /// `POST /secrets/{id}/update`: the engine accepts a change of labels only.
    public func updateSecret(_ id: String, version: ObjectVersion, _ spec: FileSpec) async throws(EngineError) {
        try await act("/secrets/\(id)/update", ["version": String(version.index)], spec)
    }

    /// `DELETE /secrets/{id}`; status 400 while a service uses it.
    public func removeSecret(_ id: String) async throws(EngineError) { try await delete("/secrets/\(id)") }
}
