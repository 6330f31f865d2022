import RoadsteadBasics

/// The number that an update must name, so that two writers cannot overwrite each other unseen.
public struct ObjectVersion: Codable, Hashable, Sendable {
    public var index: UInt64

    public init(index: UInt64) { self.index = index }

    /// The engine leaves the number out when it is 0: the first iteration of a job is `{}`.
    public init(from decoder: any Decoder) throws {
        index = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(UInt64.self, forKey: .index) ?? 0
    }

    enum CodingKeys: String, CodingKey { case index = "Index" }
}

/// A Swarm service as the engine reports it (`GET /services`, `GET /services/{id}`).
public struct Service: Codable, Hashable, Sendable {
    public var id: String
    public var version: ObjectVersion
    public var createdAt: Instant?
    public var updatedAt: Instant?
    public var spec: ServiceSpec
    public var previousSpec: ServiceSpec?
    public var endpoint: ServiceEndpoint?
    public var updateStatus: UpdateStatus?
    /// Only when asked for with `status=true` (API 1.41).
    public var serviceStatus: ServiceStatus?
    public var jobStatus: JobStatus?

    public init(id: String, version: ObjectVersion, spec: ServiceSpec) {
        self.id = id
        self.version = version
        self.spec = spec
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
        case createdAt = "CreatedAt"
        case updatedAt = "UpdatedAt"
        case spec = "Spec"
        case previousSpec = "PreviousSpec"
        case endpoint = "Endpoint"
        case updateStatus = "UpdateStatus"
        case serviceStatus = "ServiceStatus"
        case jobStatus = "JobStatus"
    }
}

public struct ServiceEndpoint: Codable, Hashable, Sendable {
    public struct VirtualIP: Codable, Hashable, Sendable {
        public var networkID: String?
        /// CIDR, for example `10.0.1.5/24`.
        public var addr: String?

        enum CodingKeys: String, CodingKey {
            case networkID = "NetworkID"
            case addr = "Addr"
        }
    }

    public var spec: EndpointSpec?
    /// With the ports that the Swarm chose.
    public var ports: [PortConfig]?
    public var virtualIPs: [VirtualIP]?

    public init(spec: EndpointSpec? = nil, ports: [PortConfig]? = nil, virtualIPs: [VirtualIP]? = nil) {
        self.spec = spec
        self.ports = ports
        self.virtualIPs = virtualIPs
    }

    enum CodingKeys: String, CodingKey {
        case spec = "Spec"
        case ports = "Ports"
        case virtualIPs = "VirtualIPs"
    }
}

/// How the last update of a service goes.
public struct UpdateStatus: Codable, Hashable, Sendable {
    /// `updating`, `paused`, `completed`, `rollback_started`, `rollback_paused` or `rollback_completed`.
    public var state: String?
    public var startedAt: Instant?
    public var completedAt: Instant?
    public var message: String?

    public init(
        state: String? = nil, startedAt: Instant? = nil, completedAt: Instant? = nil, message: String? = nil
    ) {
        self.state = state
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.message = message
    }

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case startedAt = "StartedAt"
        case completedAt = "CompletedAt"
        case message = "Message"
    }
}

public struct ServiceStatus: Codable, Hashable, Sendable {
    public var runningTasks: UInt64?
    public var desiredTasks: UInt64?
    public var completedTasks: UInt64?

    enum CodingKeys: String, CodingKey {
        case runningTasks = "RunningTasks"
        case desiredTasks = "DesiredTasks"
        case completedTasks = "CompletedTasks"
    }
}

public struct JobStatus: Codable, Hashable, Sendable {
    /// Which run of the job the tasks with this `JobIteration` belong to.
    public var jobIteration: ObjectVersion?
    public var lastExecution: Instant?

    public init(jobIteration: ObjectVersion? = nil, lastExecution: Instant? = nil) {
        self.jobIteration = jobIteration
        self.lastExecution = lastExecution
    }

    enum CodingKeys: String, CodingKey {
        case jobIteration = "JobIteration"
        case lastExecution = "LastExecution"
    }
}
