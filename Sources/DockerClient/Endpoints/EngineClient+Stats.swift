import DockerAPI
import NIOCore
import NIOHTTP1

/// Figures of a container as they come, about one a second.
public typealias ContainerStatsStream = JSONLineStream<ContainerStats>

extension EngineClient {
    /// `GET /containers/{id}/stats`: without end, until the container is gone or the task is cancelled.
    public func containerStats(_ id: String) async throws(EngineError) -> ContainerStatsStream {
        let request = EngineRequest(method: .GET, path: "/containers/\(id)/stats", query: ["stream": "true"])
        return ContainerStatsStream(body: try await open(request))
    }

    /// A number that is the same as long as `GET /tasks` answers the same bytes: a look at many tasks that costs no decoding.
    /// Of this process only.
    public func tasksFingerprint(_ filters: EngineFilters) async throws(EngineError) -> Int {
        let request = EngineRequest(method: .GET, path: "/tasks", query: ["filters": filterText(filters)])
        let response = try await send(request)
        var hasher = Hasher()
        response.body.withUnsafeReadableBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
