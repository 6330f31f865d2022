import DockerAPI
import NIOHTTP1

extension EngineClient {
    /// `GET /_ping`, without a version. Answers even when the engine's Swarm has lost its quorum.
    public func ping() async throws(EngineError) -> EnginePing {
        let request = EngineRequest(method: .GET, path: "/_ping")
        let response = try await sendUnversioned(request)
        guard let version = response.headers.first(name: "Api-Version") else {
            throw EngineError(
                .protocolViolation, "the answer has no Api-Version header: is this a Docker engine?",
                endpoint: endpoint.description, operation: request.operation)
        }
        return EnginePing(
            apiVersion: version, os: response.headers.first(name: "OSType"),
            swarm: response.headers.first(name: "Swarm"))
    }

    /// `GET /version`, without a version.
    public func version() async throws(EngineError) -> EngineVersion {
        let request = EngineRequest(method: .GET, path: "/version")
        return try decode(try await sendUnversioned(request), request)
    }

    /// `GET /info`.
    public func info() async throws(EngineError) -> EngineInfo { try await get("/info") }
}
