import RoadsteadBasics

/// One task of a service as the engine reports it (`GET /tasks`). Named so as not to hide Swift's own `Task`.
public struct SwarmTask: Codable, Hashable, Sendable {
    public var id: String
    public var version: ObjectVersion?
    public var createdAt: Instant?
    public var updatedAt: Instant?
    public var name: String?
    public var labels: [String: String]?
    public var spec: TaskSpec?
    public var serviceID: String?
    public var slot: Int?
    public var nodeID: String?
    public var status: TaskStatus
    public var desiredState: TaskState?
    public var jobIteration: ObjectVersion?
    public var networksAttachments: [NetworkAttachment]?

    public init(id: String, status: TaskStatus) {
        self.id = id
        self.status = status
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
        case createdAt = "CreatedAt"
        case updatedAt = "UpdatedAt"
        case name = "Name"
        case labels = "Labels"
        case spec = "Spec"
        case serviceID = "ServiceID"
        case slot = "Slot"
        case nodeID = "NodeID"
        case status = "Status"
        case desiredState = "DesiredState"
        case jobIteration = "JobIteration"
        case networksAttachments = "NetworksAttachments"
    }
}

/// The states of a task, in the order in which it passes through them; unknown ones are kept as they came.
public enum TaskState: Hashable, Sendable {
    case new, pending, assigned, accepted, preparing, ready, starting, running
    case complete, shutdown, failed, rejected, remove, orphaned
    case other(String)

    /// Whether the task will never run again.
    public var isTerminal: Bool {
        switch self {
        case .complete, .shutdown, .failed, .rejected, .remove, .orphaned: true
        default: false
        }
    }
}

extension TaskState: Codable {
    private static let names: [(TaskState, String)] = [
        (.new, "new"), (.pending, "pending"), (.assigned, "assigned"), (.accepted, "accepted"),
        (.preparing, "preparing"), (.ready, "ready"), (.starting, "starting"), (.running, "running"),
        (.complete, "complete"), (.shutdown, "shutdown"), (.failed, "failed"), (.rejected, "rejected"),
        (.remove, "remove"), (.orphaned, "orphaned"),
    ]

    public var name: String {
        if case .other(let text) = self { return text }
        return Self.names.first { $0.0 == self }?.1 ?? ""
    }

    public init(name: String) { self = Self.names.first { $0.1 == name }?.0 ?? .other(name) }

    public init(from decoder: any Decoder) throws {
        self.init(name: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

public struct TaskStatus: Codable, Hashable, Sendable {
    public struct ContainerStatus: Codable, Hashable, Sendable {
        public var containerID: String?
        public var pid: Int?
        public var exitCode: Int?

        public init(containerID: String? = nil, pid: Int? = nil, exitCode: Int? = nil) {
            self.containerID = containerID
            self.pid = pid
            self.exitCode = exitCode
        }

        enum CodingKeys: String, CodingKey {
            case containerID = "ContainerID"
            case pid = "PID"
            case exitCode = "ExitCode"
        }
    }

    public struct PortStatus: Codable, Hashable, Sendable {
        public var ports: [PortConfig]?

        enum CodingKeys: String, CodingKey { case ports = "Ports" }
    }

    public var timestamp: Instant?
    public var state: TaskState
    public var message: String?
    /// The engine's untruncated reason.
    public var error: String?
    public var containerStatus: ContainerStatus?
    /// Host-mode ports.
    public var portStatus: PortStatus?

    public init(
        state: TaskState, timestamp: Instant? = nil, message: String? = nil, error: String? = nil,
        containerStatus: ContainerStatus? = nil
    ) {
        self.state = state
        self.timestamp = timestamp
        self.message = message
        self.error = error
        self.containerStatus = containerStatus
    }

    enum CodingKeys: String, CodingKey {
        case timestamp = "Timestamp"
        case state = "State"
        case message = "Message"
        case error = "Err"
        case containerStatus = "ContainerStatus"
        case portStatus = "PortStatus"
    }
}

public struct NetworkAttachment: Codable, Hashable, Sendable {
    public struct AttachedNetwork: Codable, Hashable, Sendable {
        public var id: String?

        enum CodingKeys: String, CodingKey { case id = "ID" }
    }

    public var network: AttachedNetwork?
    public var addresses: [String]?

    enum CodingKeys: String, CodingKey {
        case network = "Network"
        case addresses = "Addresses"
    }
}
