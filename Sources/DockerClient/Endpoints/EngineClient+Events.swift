import DockerAPI
import NIOHTTP1
import RoadsteadBasics

/// Events of an engine as they happen.
public typealias EngineEventStream = JSONLineStream<EngineEvent>

extension EngineClient {
    /// `GET /events`: from `since` on (the engine keeps the last 256), then as they happen, until the task is cancelled
    /// or `until` is reached.
    ///
    /// The stream stands when this returns: what happens afterwards is not missed. Filters: `type`, `event`, `scope`,
    /// `service`, `node`, `container`, `label`, … Swarm events come from managers only.
    public func events(
        since: Instant? = nil, until: Instant? = nil, _ filters: EngineFilters = [:]
    ) async throws(EngineError) -> EngineEventStream {
        let query: EngineQuery = [
            "since": since.map(Self.seconds), "until": until.map(Self.seconds), "filters": filterText(filters),
        ]
        // Newer engines offer other forms of the stream; one object a line is asked for by name.
        let request = EngineRequest(
            method: .GET, path: "/events", query: query, headers: [("Accept", "application/json")])
        return EngineEventStream(body: try await open(request))
    }

    /// Seconds since 1970 with a fraction, as the engine reads moments in queries.
    static func seconds(_ instant: Instant) -> String {
        let milliseconds = max(0, instant.millisecondsSinceEpoch)
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    }
}
