/// The parts of `GET /info` that a control plane acts on.
public struct EngineInfo: Codable, Hashable, Sendable {
    public var id: String?
    public var name: String?
    public var serverVersion: String?
    public var operatingSystem: String?
    public var osType: String?
    public var architecture: String?
    public var kernelVersion: String?
    public var cpus: Int?
    /// Bytes.
    public var memory: Int64?
    public var driver: String?
    public var loggingDriver: String?
    public var cgroupVersion: String?
    public var containers: Int?
    public var containersRunning: Int?
    public var images: Int?
    public var labels: [String]?
    public var swarm: SwarmInfo?
    public var warnings: [String]?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case serverVersion = "ServerVersion"
        case operatingSystem = "OperatingSystem"
        case osType = "OSType"
        case architecture = "Architecture"
        case kernelVersion = "KernelVersion"
        case cpus = "NCPU"
        case memory = "MemTotal"
        case driver = "Driver"
        case loggingDriver = "LoggingDriver"
        case cgroupVersion = "CgroupVersion"
        case containers = "Containers"
        case containersRunning = "ContainersRunning"
        case images = "Images"
        case labels = "Labels"
        case swarm = "Swarm"
        case warnings = "Warnings"
    }
}

/// What the engine knows of the Swarm that it belongs to.
public struct SwarmInfo: Codable, Hashable, Sendable {
    /// Empty when it is in none.
    public var nodeID: String?
    public var nodeAddr: String?
    /// `inactive`, `pending`, `active`, `error` or `locked`.
    public var localNodeState: String?
    /// Whether this node is a manager (and its quorum answers).
    public var controlAvailable: Bool?
    public var error: String?
    public var remoteManagers: [RemoteManager]?
    /// Only at managers.
    public var nodes: Int?
    public var managers: Int?
    public var cluster: ClusterInfo?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case nodeID = "NodeID"
        case nodeAddr = "NodeAddr"
        case localNodeState = "LocalNodeState"
        case controlAvailable = "ControlAvailable"
        case error = "Error"
        case remoteManagers = "RemoteManagers"
        case nodes = "Nodes"
        case managers = "Managers"
        case cluster = "Cluster"
    }
}

/// A manager as its peers reach it.
public struct RemoteManager: Codable, Hashable, Sendable {
    public var nodeID: String
    /// `address:2377`.
    public var addr: String

    public init(nodeID: String, addr: String) {
        self.nodeID = nodeID
        self.addr = addr
    }

    enum CodingKeys: String, CodingKey {
        case nodeID = "NodeID"
        case addr = "Addr"
    }
}

/// The Swarm's identity, as `GET /info` shows it at a manager.
public struct ClusterInfo: Codable, Hashable, Sendable {
    public var id: String?
    public var version: ObjectVersion?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
    }
}
