import DockerAPI
import NIOHTTP1

extension EngineClient {
    /// `GET /containers/json` of this engine. Filters: `id`, `label`, `name`, `status`, …
    public func containers(
        _ filters: EngineFilters = [:], all: Bool = false
    ) async throws(EngineError) -> [ContainerSummary] {
        try await get("/containers/json", ["all": all ? "true" : "false", "filters": filterText(filters)])
    }

    /// `GET /containers/{id}/json`; `id` may be a name.
    public func container(_ id: String) async throws(EngineError) -> Container {
        try await get("/containers/\(id)/json")
    }

    /// `POST /containers/create`: returns the id. Status 404 when this engine does not have the image.
    public func createContainer(
        _ config: ContainerConfig, name: String? = nil
    ) async throws(EngineError) -> String {
        let answer: Created = try await post("/containers/create", ["name": name], config)
        return answer.id
    }

    /// `POST /containers/{id}/start`; one that runs already is left alone.
    public func startContainer(_ id: String) async throws(EngineError) {
        try await act("/containers/\(id)/start", deadline: transport.options.longDeadline)
    }

    /// `POST /containers/{id}/stop`: asks, and kills after `grace` seconds.
    public func stopContainer(_ id: String, grace: Int = 10) async throws(EngineError) {
        try await act("/containers/\(id)/stop", ["t": String(grace)], deadline: transport.options.longDeadline)
    }

    /// `POST /containers/{id}/kill`.
    public func killContainer(_ id: String, signal: String = "SIGKILL") async throws(EngineError) {
        try await act("/containers/\(id)/kill", ["signal": signal])
    }

    /// `DELETE /containers/{id}`; `force` kills a running one. `volumes` removes its anonymous volumes too.
    public func removeContainer(
        _ id: String, force: Bool = false, volumes: Bool = false
    ) async throws(EngineError) {
        try await delete(
            "/containers/\(id)", ["force": force ? "true" : "false", "v": volumes ? "true" : "false"])
    }

    /// `POST /containers/{id}/wait`: returns when the container is not running, at most `patience` later.
    public func waitForContainer(
        _ id: String, patience: Duration = .seconds(3600)
    ) async throws(EngineError) -> ContainerExit {
        let request = EngineRequest(
            method: .POST, path: "/containers/\(id)/wait", deadline: patience, isPatient: true)
        return try decode(try await send(request), request)
    }
}
