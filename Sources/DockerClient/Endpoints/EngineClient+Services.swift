import DockerAPI

/// What `POST /services/create` answers.
public struct ServiceCreated: Sendable, Hashable {
    public var id: String
    /// The engine's, and ours about what this engine's API version cannot express.
    public var warnings: [String]
}

extension EngineClient {
    /// `GET /services`. Filters: `id`, `label`, `mode`, `name` (a prefix). `status` adds the counts of tasks.
    public func services(
        _ filters: EngineFilters = [:], status: Bool = false
    ) async throws(EngineError) -> [Service] {
        try await get("/services", ["filters": filterText(filters), "status": status ? "true" : nil])
    }

    /// `GET /services/{id}`; `id` may be a name.
    public func service(_ id: String) async throws(EngineError) -> Service { try await get("/services/\(id)") }

    /// `POST /services/create`. Status 409 when the name is taken.
    ///
    /// What this engine's API cannot express is left out with a warning, or refused where leaving it out would do harm
    /// (`ServiceSpec.adapted(to:)`). `registryAuth` is kept by the Swarm for pulls at the nodes.
    public func createService(
        _ spec: ServiceSpec, registryAuth: RegistryAuth? = nil
    ) async throws(EngineError) -> ServiceCreated {
        let (adapted, warnings) = try adapt(spec, to: try await apiVersion())
        let answer: Created = try await post(
            "/services/create", [:], adapted, headers: try headers(registryAuth),
            deadline: transport.options.longDeadline)
        return ServiceCreated(id: answer.id, warnings: warnings + (answer.warnings ?? []))
    }

    /// `POST /services/{id}/update`: replaces the whole spec; returns warnings.
    ///
    /// `version` is the one that the change was decided on; when it is no longer the newest the error
    /// `isOutOfSequence`. Without `registryAuth` the Swarm keeps using the one that it has. `rollback` makes the
    /// engine take the service's previous spec instead of `spec`.
    public func updateService(
        _ id: String, version: ObjectVersion, _ spec: ServiceSpec, registryAuth: RegistryAuth? = nil,
        rollback: Bool = false
    ) async throws(EngineError) -> [String] {
        let (adapted, warnings) = try adapt(spec, to: try await apiVersion())
        let query: EngineQuery = [
            "version": String(version.index), "registryAuthFrom": registryAuth == nil ? "spec" : nil,
            "rollback": rollback ? "previous" : nil,
        ]
        let answer: Warnings = try await post(
            "/services/\(id)/update", query, adapted, headers: try headers(registryAuth),
            deadline: transport.options.longDeadline)
        return warnings + (answer.warnings ?? [])
    }

    /// `DELETE /services/{id}`; its tasks end after the answer.
    public func removeService(_ id: String) async throws(EngineError) { try await delete("/services/\(id)") }

    /// `GET /tasks`. Filters: `desired-state`, `id`, `label`, `name`, `node`, `service`.
    public func tasks(_ filters: EngineFilters = [:]) async throws(EngineError) -> [SwarmTask] {
        try await get("/tasks", ["filters": filterText(filters)])
    }

    /// `GET /tasks/{id}`.
    public func task(_ id: String) async throws(EngineError) -> SwarmTask { try await get("/tasks/\(id)") }

    func headers(_ auth: RegistryAuth?) throws(EngineError) -> [(String, String)] {
        guard let auth else { return [] }
        do { return [("X-Registry-Auth", try auth.headerValue())] } catch {
            throw EngineError(
                .invalidInput, "the registry credential cannot be written as JSON", endpoint: endpoint.description)
        }
    }

    private func adapt(
        _ spec: ServiceSpec, to version: APIVersion
    ) throws(EngineError) -> (spec: ServiceSpec, warnings: [String]) {
        let adapted = spec.adapted(to: version)
        guard adapted.refusals.isEmpty else {
            throw EngineError(
                .invalidInput, adapted.refusals.joined(separator: "; "), endpoint: endpoint.description)
        }
        return (adapted.spec, adapted.warnings)
    }
}

/// Answers that name what was made; the routes disagree on the spelling of `id`.
struct Created: Decodable, Sendable {
    var id: String
    var warnings: [String]?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let short = try container.decodeIfPresent(String.self, forKey: .id)
        id = try short ?? container.decode(String.self, forKey: .capitalID)
        warnings = try container.decodeIfPresent([String].self, forKey: .warnings)
        if let one = try container.decodeIfPresent(String.self, forKey: .warning), !one.isEmpty {
            warnings = (warnings ?? []) + [one]
        }
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case capitalID = "ID"
        case warnings = "Warnings"
        case warning = "Warning"
    }
}

struct Warnings: Decodable, Sendable {
    var warnings: [String]?

    enum CodingKeys: String, CodingKey { case warnings = "Warnings" }
}
