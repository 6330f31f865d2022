import DockerAPI
import NIOHTTP1

extension EngineClient {
    /// `GET /services/{id}/logs`: what all tasks of a service wrote, ended ones included, with the task's and node's id.
    ///
    /// Only from nodes that are up, and from the log drivers `json-file`, `local` and `journald`.
    public func serviceLogs(
        _ id: String, _ options: LogOptions = LogOptions()
    ) async throws(EngineError) -> LogStream {
        try await logs("/services/\(id)/logs", options, hasDetails: true) { client throws(EngineError) in
            try await client.service(id).spec.taskTemplate.containerSpec?.tty ?? false
        }
    }

    /// `GET /tasks/{id}/logs`: what one task wrote, from whichever node it ran on.
    public func taskLogs(_ id: String, _ options: LogOptions = LogOptions()) async throws(EngineError) -> LogStream {
        try await logs("/tasks/\(id)/logs", options, hasDetails: true) { client throws(EngineError) in
            try await client.task(id).spec?.containerSpec?.tty ?? false
        }
    }

    /// `GET /containers/{id}/logs` of this engine.
    public func containerLogs(
        _ id: String, _ options: LogOptions = LogOptions()
    ) async throws(EngineError) -> LogStream {
        try await logs("/containers/\(id)/logs", options, hasDetails: false) { client throws(EngineError) in
            try await client.container(id).config?.tty ?? false
        }
    }

    private func logs(
        _ path: EnginePath, _ options: LogOptions, hasDetails: Bool,
        hasTTY: (EngineClient) async throws(EngineError) -> Bool
    ) async throws(EngineError) -> LogStream {
        let query: EngineQuery = [
            "follow": options.follow ? "true" : "false", "stdout": options.stdout ? "true" : "false",
            "stderr": options.stderr ? "true" : "false", "timestamps": "true",
            "details": hasDetails ? "true" : "false", "since": options.since.map(Self.seconds),
            "until": options.until.map(Self.seconds), "tail": options.tail.map { String(max(0, $0)) } ?? "all",
        ]
        // Before API 1.42 the answer does not say whether it is framed: the container's TTY decides.
        let tellsItself = try await apiVersion() >= APIVersion(1, 42)
        let knownTTY = tellsItself ? false : try await hasTTY(self)
        let body = try await open(EngineRequest(method: .GET, path: path, query: query))
        let isFramed = tellsItself ? body.contentType != "application/vnd.docker.raw-stream" : !knownTTY
        return LogStream(body: body, isFramed: isFramed, hasDetails: hasDetails)
    }
}
