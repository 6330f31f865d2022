import DockerAPI

extension EngineClient {
    /// `GET /networks`. Filters: `driver`, `id`, `label`, `name` (a part), `scope`, `type`.
    public func networks(_ filters: EngineFilters = [:]) async throws(EngineError) -> [Network] {
        try await get("/networks", ["filters": filterText(filters)])
    }

    /// `GET /networks/{id}`; `id` may be a name.
    public func network(_ id: String) async throws(EngineError) -> Network { try await get("/networks/\(id)") }

    /// `POST /networks/create`: returns the id. Status 409 when the name is taken.
    ///
    /// Engines before API 1.44 look for the name only when they are told to; later ones know no such member.
    public func createNetwork(_ network: NetworkCreate) async throws(EngineError) -> String {
        var body = network
        body.checkDuplicate = try await apiVersion() < APIVersion(1, 44) ? true : nil
        let answer: Created = try await post("/networks/create", [:], body)
        return answer.id
    }

    /// `DELETE /networks/{id}`. Fails while a task is attached, for some seconds after its service was removed.
    public func removeNetwork(_ id: String) async throws(EngineError) { try await delete("/networks/\(id)") }
}
