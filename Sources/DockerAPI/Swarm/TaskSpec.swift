/// What each task of a service should be (`TaskSpec` of the Engine API).
public struct TaskSpec: Codable, Hashable, Sendable {
    public var containerSpec: ContainerSpec?
    /// Of services that run a plugin of the engine instead of containers.
    public var pluginSpec: PluginSpec?
    public var resources: ResourceRequirements?
    public var restartPolicy: RestartPolicy?
    public var placement: Placement?
    public var networks: [NetworkAttachmentConfig]?
    public var logDriver: LogDriver?
    /// A change of this number alone makes the Swarm replace every task.
    public var forceUpdate: UInt64?
    public var runtime: String?

    public init(
        containerSpec: ContainerSpec? = nil, resources: ResourceRequirements? = nil,
        restartPolicy: RestartPolicy? = nil, placement: Placement? = nil,
        networks: [NetworkAttachmentConfig]? = nil, logDriver: LogDriver? = nil, forceUpdate: UInt64? = nil,
        runtime: String? = nil
    ) {
        self.containerSpec = containerSpec
        self.resources = resources
        self.restartPolicy = restartPolicy
        self.placement = placement
        self.networks = networks
        self.logDriver = logDriver
        self.forceUpdate = forceUpdate
        self.runtime = runtime
    }

    enum CodingKeys: String, CodingKey {
        case containerSpec = "ContainerSpec"
        case pluginSpec = "PluginSpec"
        case resources = "Resources"
        case restartPolicy = "RestartPolicy"
        case placement = "Placement"
        case networks = "Networks"
        case logDriver = "LogDriver"
        case forceUpdate = "ForceUpdate"
        case runtime = "Runtime"
    }
}

/// A plugin that a service installs on nodes. No stack has one; it is known so that an update does not lose it.
public struct PluginSpec: Codable, Hashable, Sendable {
    public struct Privilege: Codable, Hashable, Sendable {
        public var name: String?
        public var description: String?
        public var value: [String]?
    }

    public var name: String?
    public var remote: String?
    public var privileges: [Privilege]?
    public var disabled: Bool?
    public var env: [String]?
}

/// When a task that ended is started anew. Durations in nanoseconds.
public struct RestartPolicy: Codable, Hashable, Sendable {
    /// `none`, `on-failure` or `any`.
    public var condition: String?
    public var delay: Int64?
    public var maxAttempts: UInt64?
    public var window: Int64?

    public init(condition: String? = nil, delay: Int64? = nil, maxAttempts: UInt64? = nil, window: Int64? = nil) {
        self.condition = condition
        self.delay = delay
        self.maxAttempts = maxAttempts
        self.window = window
    }

    enum CodingKeys: String, CodingKey {
        case condition = "Condition"
        case delay = "Delay"
        case maxAttempts = "MaxAttempts"
        case window = "Window"
    }
}

/// On which nodes tasks may run.
public struct Placement: Codable, Hashable, Sendable {
    public var constraints: [String]?
    public var preferences: [PlacementPreference]?
    public var maxReplicas: UInt64?
    public var platforms: [Platform]?

    public init(
        constraints: [String]? = nil, preferences: [PlacementPreference]? = nil, maxReplicas: UInt64? = nil,
        platforms: [Platform]? = nil
    ) {
        self.constraints = constraints
        self.preferences = preferences
        self.maxReplicas = maxReplicas
        self.platforms = platforms
    }

    enum CodingKeys: String, CodingKey {
        case constraints = "Constraints"
        case preferences = "Preferences"
        case maxReplicas = "MaxReplicas"
        case platforms = "Platforms"
    }
}

public struct PlacementPreference: Codable, Hashable, Sendable {
    public var spread: SpreadOver?

    public init(spread: SpreadOver? = nil) { self.spread = spread }

    enum CodingKeys: String, CodingKey { case spread = "Spread" }
}

public struct SpreadOver: Codable, Hashable, Sendable {
    /// For example `node.labels.zone`.
    public var spreadDescriptor: String?

    public init(spreadDescriptor: String? = nil) { self.spreadDescriptor = spreadDescriptor }

    enum CodingKeys: String, CodingKey { case spreadDescriptor = "SpreadDescriptor" }
}

public struct Platform: Codable, Hashable, Sendable {
    public var architecture: String?
    public var os: String?

    public init(architecture: String? = nil, os: String? = nil) {
        self.architecture = architecture
        self.os = os
    }

    enum CodingKeys: String, CodingKey {
        case architecture = "Architecture"
        case os = "OS"
    }
}

public struct ResourceRequirements: Codable, Hashable, Sendable {
    public var limits: ResourceAmounts?
    public var reservations: ResourceAmounts?
    /// Swap beside the memory of `limits`, in bytes; 0 is none and -1 any amount. API 1.52, like the one below.
    public var swapBytes: Int64?
    /// How readily the kernel swaps: 0 to 100.
    public var memorySwappiness: Int64?

    public init(
        limits: ResourceAmounts? = nil, reservations: ResourceAmounts? = nil, swapBytes: Int64? = nil,
        memorySwappiness: Int64? = nil
    ) {
        self.limits = limits
        self.reservations = reservations
        self.swapBytes = swapBytes
        self.memorySwappiness = memorySwappiness
    }

    enum CodingKeys: String, CodingKey {
        case limits = "Limits"
        case reservations = "Reservations"
        case swapBytes = "SwapBytes"
        case memorySwappiness = "MemorySwappiness"
    }
}

/// CPU in billionths, memory in bytes. `pids` only as a limit, `genericResources` only as a reservation.
public struct ResourceAmounts: Codable, Hashable, Sendable {
    public var nanoCPUs: Int64?
    public var memoryBytes: Int64?
    public var pids: Int64?
    public var genericResources: [GenericResource]?

    public init(
        nanoCPUs: Int64? = nil, memoryBytes: Int64? = nil, pids: Int64? = nil,
        genericResources: [GenericResource]? = nil
    ) {
        self.nanoCPUs = nanoCPUs
        self.memoryBytes = memoryBytes
        self.pids = pids
        self.genericResources = genericResources
    }

    enum CodingKeys: String, CodingKey {
        case nanoCPUs = "NanoCPUs"
        case memoryBytes = "MemoryBytes"
        case pids = "Pids"
        case genericResources = "GenericResources"
    }
}

public struct GenericResource: Codable, Hashable, Sendable {
    public struct Named: Codable, Hashable, Sendable {
        public var kind: String?
        public var value: String?

        enum CodingKeys: String, CodingKey {
            case kind = "Kind"
            case value = "Value"
        }
    }

    public struct Discrete: Codable, Hashable, Sendable {
        public var kind: String?
        public var value: Int64?

        enum CodingKeys: String, CodingKey {
            case kind = "Kind"
            case value = "Value"
        }
    }

    public var named: Named?
    public var discrete: Discrete?

    public static func discrete(kind: String, value: Int64) -> GenericResource {
        GenericResource(named: nil, discrete: Discrete(kind: kind, value: value))
    }

    enum CodingKeys: String, CodingKey {
        case named = "NamedResourceSpec"
        case discrete = "DiscreteResourceSpec"
    }
}

public struct NetworkAttachmentConfig: Codable, Hashable, Sendable {
    /// Name or id of the network.
    public var target: String?
    public var aliases: [String]?
    public var driverOpts: [String: String]?

    public init(target: String? = nil, aliases: [String]? = nil, driverOpts: [String: String]? = nil) {
        self.target = target
        self.aliases = aliases
        self.driverOpts = driverOpts
    }

    enum CodingKeys: String, CodingKey {
        case target = "Target"
        case aliases = "Aliases"
        case driverOpts = "DriverOpts"
    }
}

public struct LogDriver: Codable, Hashable, Sendable {
    public var name: String?
    public var options: [String: String]?

    public init(name: String? = nil, options: [String: String]? = nil) {
        self.name = name
        self.options = options
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case options = "Options"
    }
}
