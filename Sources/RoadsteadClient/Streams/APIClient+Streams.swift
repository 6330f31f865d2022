import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RoadsteadBasics

/// Which lines of a deployment's logs are wanted.
public struct LogSelection: Sendable {
    /// Names of services; all when empty.
    public var services: [String]
    /// A task's id, or `web.1`.
    public var task: String?
    /// A moment as RFC 3339, or `10m` for ten minutes ago.
    public var since: String?
    /// The last so many lines of each task; nil leaves it to the server.
    public var tail: Int?
    public var follow: Bool

    public init(
        services: [String] = [], task: String? = nil, since: String? = nil, tail: Int? = nil, follow: Bool = false
    ) {
        (self.services, self.task, self.since, self.tail, self.follow) = (services, task, since, tail, follow)
    }

    var parameters: FormFields {
        var fields = FormFields()
        for service in services { fields.add("service", service) }
        fields.add("task", task)
        fields.add("since", since)
        fields.add("tail", tail.map(String.init))
        fields.add("follow", follow ? "true" : nil)
        return fields
    }
}

extension APIClient {
    /// Lines of a deployment in the order of their time (`GET …/stream/logs`): `time`, `service`, `task`, `slot`, `node`,
    /// `stream` (stdout, stderr, system) and `text`. Returns at the end; followed, when the deployment is at rest. Throws
    /// `unavailable` when server or network end it before.
    public func logs(
        of deployment: ResourceID, _ selection: LogSelection, onLine: @Sendable (JSONObject) async throws -> Void
    ) async throws(RoadsteadError) {
        try await events(deployment, "logs", selection.parameters) { name, data in
            if name == "log" { try await onLine(data) }
        }
    }

    /// Figures of each task about once a second (`GET …/stream/stats`): `stats` events with `service`, `task`, `slot`, `node`,
    /// `cpu-percent`, `memory`, `memory-limit`, `received`, `sent`; `ended` with `service` and `task`; and `unreachable` with
    /// `node`, `message` and `tasks`.
    public func stats(
        of deployment: ResourceID, services: [String] = [],
        onEvent: @Sendable (_ name: String, JSONObject) async throws -> Void
    ) async throws(RoadsteadError) {
        var fields = FormFields()
        for service in services { fields.add("service", service) }
        try await events(deployment, "stats", fields, onEvent)
    }

    /// An `error` event is thrown as what it says, a stream without its `end` event as `unavailable`.
    private func events(
        _ id: ResourceID, _ kind: String, _ fields: FormFields,
        _ onEvent: @Sendable (String, JSONObject) async throws -> Void
    ) async throws(RoadsteadError) {
        let request = APIRequest(method: .GET, path: "\(id)/stream/\(kind)", parameters: fields)
        let response = try await transport.open(request, cookie: session)
        do {
            guard response.status == .ok else { throw try await refusal(response) }
            var parser = EventStreamParser()
            for try await chunk in response.body {
                for event in parser.read(chunk.readableBytesView) {
                    guard let data = (try? JSONValue.parse(event.data))?.objectValue else { continue }
                    if event.name == "end" { return }
                    if event.name == "error" { throw Self.error(data) }
                    try await onEvent(event.name, data)
                }
            }
        } catch { throw TransportError.make(error, server: server) }
        throw RoadsteadError(
            .unavailable, "\(server), or a proxy before it, has closed the stream of \(kind) before its end; ask again."
        )
    }

    private static func error(_ data: JSONObject) -> RoadsteadError {
        let code = data["code"]?.stringValue.flatMap(RoadsteadError.Code.init(rawValue:)) ?? .internal
        return RoadsteadError(code, data["message"]?.stringValue ?? "the stream ended with an error")
    }
}
