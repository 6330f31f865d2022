/// What a Swarm service should be (`ServiceSpec` of the Engine API). Also the body of service create and update.
public struct ServiceSpec: Codable, Hashable, Sendable {
    public var name: String?
    public var labels: [String: String]?
    public var taskTemplate: TaskSpec
    public var mode: ServiceMode?
    public var updateConfig: UpdateConfig?
    public var rollbackConfig: UpdateConfig?
    /// Deprecated place of networks (before API 1.44 the docker CLI still reads it back here).
    public var networks: [NetworkAttachmentConfig]?
    public var endpointSpec: EndpointSpec?

    public init(
        name: String? = nil, labels: [String: String]? = nil, taskTemplate: TaskSpec = TaskSpec(),
        mode: ServiceMode? = nil, updateConfig: UpdateConfig? = nil, rollbackConfig: UpdateConfig? = nil,
        networks: [NetworkAttachmentConfig]? = nil, endpointSpec: EndpointSpec? = nil
    ) {
        self.name = name
        self.labels = labels
        self.taskTemplate = taskTemplate
        self.mode = mode
        self.updateConfig = updateConfig
        self.rollbackConfig = rollbackConfig
        self.networks = networks
        self.endpointSpec = endpointSpec
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case labels = "Labels"
        case taskTemplate = "TaskTemplate"
        case mode = "Mode"
        case updateConfig = "UpdateConfig"
        case rollbackConfig = "RollbackConfig"
        case networks = "Networks"
        case endpointSpec = "EndpointSpec"
    }
}

/// How many tasks a service runs; exactly one member is set.
public struct ServiceMode: Codable, Hashable, Sendable {
    public var replicated: ReplicatedService?
    public var global: EmptyObject?
    public var replicatedJob: ReplicatedJob?
    public var globalJob: EmptyObject?

    public static func replicated(_ replicas: UInt64?) -> ServiceMode {
        ServiceMode(replicated: ReplicatedService(replicas: replicas))
    }

    public static var global: ServiceMode { ServiceMode(global: EmptyObject()) }

    public static var globalJob: ServiceMode { ServiceMode(globalJob: EmptyObject()) }

    public static func replicatedJob(maxConcurrent: UInt64?, totalCompletions: UInt64?) -> ServiceMode {
        ServiceMode(
            replicatedJob: ReplicatedJob(maxConcurrent: maxConcurrent, totalCompletions: totalCompletions))
    }

    /// Whether tasks are meant to end.
    public var isJob: Bool { replicatedJob != nil || globalJob != nil }

    init(
        replicated: ReplicatedService? = nil, global: EmptyObject? = nil, replicatedJob: ReplicatedJob? = nil,
        globalJob: EmptyObject? = nil
    ) {
        self.replicated = replicated
        self.global = global
        self.replicatedJob = replicatedJob
        self.globalJob = globalJob
    }

    enum CodingKeys: String, CodingKey {
        case replicated = "Replicated"
        case global = "Global"
        case replicatedJob = "ReplicatedJob"
        case globalJob = "GlobalJob"
    }
}

public struct ReplicatedService: Codable, Hashable, Sendable {
    public var replicas: UInt64?

    public init(replicas: UInt64? = nil) { self.replicas = replicas }

    enum CodingKeys: String, CodingKey { case replicas = "Replicas" }
}

public struct ReplicatedJob: Codable, Hashable, Sendable {
    public var maxConcurrent: UInt64?
    public var totalCompletions: UInt64?

    public init(maxConcurrent: UInt64? = nil, totalCompletions: UInt64? = nil) {
        self.maxConcurrent = maxConcurrent
        self.totalCompletions = totalCompletions
    }

    enum CodingKeys: String, CodingKey {
        case maxConcurrent = "MaxConcurrent"
        case totalCompletions = "TotalCompletions"
    }
}

/// `{}` on the wire.
public struct EmptyObject: Codable, Hashable, Sendable {
    public init() {}
}

/// How tasks are replaced at an update or a rollback. Durations in nanoseconds.
public struct UpdateConfig: Codable, Hashable, Sendable {
    /// Tasks at a time; 0 means all at once.
    public var parallelism: UInt64
    public var delay: Int64?
    /// `pause`, `continue` or `rollback` (the last not for a rollback).
    public var failureAction: String?
    public var monitor: Int64?
    public var maxFailureRatio: Float?
    /// `stop-first` or `start-first`.
    public var order: String?

    public init(
        parallelism: UInt64, delay: Int64? = nil, failureAction: String? = nil, monitor: Int64? = nil,
        maxFailureRatio: Float? = nil, order: String? = nil
    ) {
        self.parallelism = parallelism
        self.delay = delay
        self.failureAction = failureAction
        self.monitor = monitor
        self.maxFailureRatio = maxFailureRatio
        self.order = order
    }

    enum CodingKeys: String, CodingKey {
        case parallelism = "Parallelism"
        case delay = "Delay"
        case failureAction = "FailureAction"
        case monitor = "Monitor"
        case maxFailureRatio = "MaxFailureRatio"
        case order = "Order"
    }
}

/// How a service is reached: by virtual IP or DNS round robin, and which ports are published.
public struct EndpointSpec: Codable, Hashable, Sendable {
    /// `vip` or `dnsrr`.
    public var mode: String?
    public var ports: [PortConfig]?

    public init(mode: String? = nil, ports: [PortConfig]? = nil) {
        self.mode = mode
        self.ports = ports
    }

    enum CodingKeys: String, CodingKey {
        case mode = "Mode"
        case ports = "Ports"
    }
}

/// One published port.
public struct PortConfig: Codable, Hashable, Sendable {
    public var name: String?
    /// `tcp`, `udp` or `sctp`.
    public var `protocol`: String?
    public var targetPort: UInt32?
    /// 0 or nil: the Swarm chooses one from 30000 up.
    public var publishedPort: UInt32?
    /// `ingress` or `host`.
    public var publishMode: String?

    public init(
        name: String? = nil, protocol: String? = nil, targetPort: UInt32? = nil, publishedPort: UInt32? = nil,
        publishMode: String? = nil
    ) {
        self.name = name
        self.protocol = `protocol`
        self.targetPort = targetPort
        self.publishedPort = publishedPort
        self.publishMode = publishMode
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case `protocol` = "Protocol"
        case targetPort = "TargetPort"
        case publishedPort = "PublishedPort"
        case publishMode = "PublishMode"
    }
}
