import RoadsteadBasics

/// One line that a container wrote.
public struct LogEntry: Hashable, Sendable {
    public var stream: OutputStream
    /// When the engine got it; nil for the engine's own words.
    public var timestamp: Instant?
    /// Without its line end; bytes that are not UTF-8 become U+FFFD. A line over 1 MiB comes in several entries.
    public var text: String
    /// For services: the task, node and service that wrote it, under the engine's `com.docker.swarm.` names.
    public var details: [String: String]

    public init(stream: OutputStream, timestamp: Instant? = nil, text: String, details: [String: String] = [:]) {
        self.stream = stream
        self.timestamp = timestamp
        self.text = text
        self.details = details
    }

    public var taskID: String? { details["com.docker.swarm.task.id"] }
    public var nodeID: String? { details["com.docker.swarm.node.id"] }
    public var serviceID: String? { details["com.docker.swarm.service.id"] }
}

/// Which lines of a log.
public struct LogOptions: Hashable, Sendable {
    /// Stay until the log ends or the task is cancelled.
    public var follow: Bool
    public var stdout: Bool
    public var stderr: Bool
    public var since: Instant?
    /// Only for containers' logs.
    public var until: Instant?
    /// The last lines of each task; nil means all.
    public var tail: Int?

    public init(
        follow: Bool = false, stdout: Bool = true, stderr: Bool = true, since: Instant? = nil, until: Instant? = nil,
        tail: Int? = nil
    ) {
        self.follow = follow
        self.stdout = stdout
        self.stderr = stderr
        self.since = since
        self.until = until
        self.tail = tail
    }
}
