import DockerAPI

private struct VolumeList: Decodable, Sendable {
    /// `null` when there is none.
    var volumes: [Volume]?

    enum CodingKeys: String, CodingKey { case volumes = "Volumes" }
}

extension EngineClient {
    /// `GET /volumes` of this engine (volumes are local to a node). Filters: `dangling`, `driver`, `label`, `name`.
    public func volumes(_ filters: EngineFilters = [:]) async throws(EngineError) -> [Volume] {
        let list: VolumeList = try await get("/volumes", ["filters": filterText(filters)])
        return list.volumes ?? []
    }

    /// `GET /volumes/{name}`.
    public func volume(_ name: String) async throws(EngineError) -> Volume { try await get("/volumes/\(name)") }

    /// `POST /volumes/create`: gives the existing one when there is one of that name and driver.
    public func createVolume(_ request: VolumeCreate) async throws(EngineError) -> Volume {
        try await post("/volumes/create", [:], request)
    }

    /// `DELETE /volumes/{name}`; status 409 while a container uses it. The answer comes when all that is in it is deleted.
    public func removeVolume(_ name: String, force: Bool = false) async throws(EngineError) {
        try await delete(
            "/volumes/\(name)", ["force": force ? "true" : "false"], deadline: transport.options.longDeadline)
    }
}
