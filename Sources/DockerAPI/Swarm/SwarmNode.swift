import RoadsteadBasics

/// A node of a Swarm (`GET /nodes`).
public struct SwarmNode: Codable, Hashable, Sendable {
    public var id: String
    public var version: ObjectVersion
    public var createdAt: Instant?
    public var updatedAt: Instant?
    public var spec: NodeSpec
    public var description: NodeDescription?
    public var status: NodeStatus?
    /// Only of managers.
    public var managerStatus: ManagerStatus?

    public init(id: String, version: ObjectVersion, spec: NodeSpec) {
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
        case description = "Description"
        case status = "Status"
        case managerStatus = "ManagerStatus"
    }
}

/// What an operator decides about a node; the body of `POST /nodes/{id}/update`.
public struct NodeSpec: Codable, Hashable, Sendable {
    public var name: String?
    public var labels: [String: String]?
    /// `worker` or `manager`.
    public var role: String?
    /// `active`, `pause` or `drain`.
    public var availability: String?

    public init(
        name: String? = nil, labels: [String: String]? = nil, role: String? = nil, availability: String? = nil
    ) {
        self.name = name
        self.labels = labels
        self.role = role
        self.availability = availability
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case labels = "Labels"
        case role = "Role"
        case availability = "Availability"
    }
}

/// What the node says of itself.
public struct NodeDescription: Codable, Hashable, Sendable {
    public struct Resources: Codable, Hashable, Sendable {
        public var nanoCPUs: Int64?
        public var memoryBytes: Int64?
        public var genericResources: [GenericResource]?

        public init(nanoCPUs: Int64? = nil, memoryBytes: Int64? = nil) {
            self.nanoCPUs = nanoCPUs
            self.memoryBytes = memoryBytes
        }

        enum CodingKeys: String, CodingKey {
            case nanoCPUs = "NanoCPUs"
            case memoryBytes = "MemoryBytes"
            case genericResources = "GenericResources"
        }
    }

    public struct Engine: Codable, Hashable, Sendable {
        public var engineVersion: String?
        public var labels: [String: String]?

        public init(engineVersion: String? = nil, labels: [String: String]? = nil) {
            self.engineVersion = engineVersion
            self.labels = labels
        }

        enum CodingKeys: String, CodingKey {
            case engineVersion = "EngineVersion"
            case labels = "Labels"
        }
    }

    public var hostname: String?
    public var platform: Platform?
    public var resources: Resources?
    public var engine: Engine?

    public init(
        hostname: String? = nil, platform: Platform? = nil, resources: Resources? = nil, engine: Engine? = nil
    ) {
        self.hostname = hostname
        self.platform = platform
        self.resources = resources
        self.engine = engine
    }

    enum CodingKeys: String, CodingKey {
        case hostname = "Hostname"
        case platform = "Platform"
        case resources = "Resources"
        case engine = "Engine"
    }
}

public struct NodeStatus: Codable, Hashable, Sendable {
    /// `unknown`, `down`, `ready` or `disconnected`.
    public var state: String?
    public var message: String?
    public var addr: String?

    public init(state: String? = nil, message: String? = nil, addr: String? = nil) {
        self.state = state
        self.message = message
        self.addr = addr
    }

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case message = "Message"
        case addr = "Addr"
    }
}

public struct ManagerStatus: Codable, Hashable, Sendable {
    public var leader: Bool?
    /// `unknown`, `unreachable` or `reachable`.
    public var reachability: String?
    public var addr: String?

    public init(leader: Bool? = nil, reachability: String? = nil, addr: String? = nil) {
        self.leader = leader
        self.reachability = reachability
        self.addr = addr
    }

    enum CodingKeys: String, CodingKey {
        case leader = "Leader"
        case reachability = "Reachability"
        case addr = "Addr"
    }
}
