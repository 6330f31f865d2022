/// One service of a Compose file.
struct ComposeService: Hashable, Sendable {
    var name: String
    /// Where the service begins.
    var origin: Origin
    /// Where its keys stand: `image`, `deploy.mode`.
    var keyPositions = KeyPositions()

    var image: String?
    var command: [String]?
    var entrypoint: [String]?
    /// Of `environment`; nil values are variables to take out of the image's environment.
    var environment: [String: String?] = [:]
    /// Of `env_file`, under those of `environment`.
    var fileEnvironment: [String: String?] = [:]
    var labels: [String: String] = [:]
    var hostname: String?
    var user: String?
    var workingDirectory: String?
    var extraHosts: [ExtraHost] = []
    var dns: [String] = []
    var dnsSearch: [String] = []
    var dnsOptions: [String] = []
    var groups: [String] = []
    var capabilitiesToAdd: [String] = []
    var capabilitiesToDrop: [String] = []
    var sysctls: [String: String] = [:]
    var ulimits: [String: ComposeUlimit] = [:]
    var `init`: Bool?
    var isolation: String?
    var isReadOnly: Bool?
    var opensStdin: Bool?
    var hasTTY: Bool?
    var oomScoreAdjustment: Int64?
    var security = ComposeSecurity()
    /// Bytes of memory and swap together; -1 is any amount.
    var memorySwapLimit: Int64?
    var memorySwappiness: Int64?
    /// Of `platform`: what nodes must be.
    var platformConstraints: [String]?
    var stopSignal: String?
    /// Nanoseconds.
    var stopGracePeriod: Int64?
    var healthcheck: ComposeHealthcheck?
    var logging: ComposeLogging?
    var credentialSpec: ComposeCredentialSpec?
    /// The restart policy of old: used when `deploy` has none.
    var restart: RestartSpec?
    var ports: [ComposePort] = []
    var mounts: [ComposeMount] = []
    var networks: [String: ComposeNetworkAttachment] = [:]
    var configs: [ComposeFileReference] = []
    var secrets: [ComposeFileReference] = []
    var deploy = ComposeDeploy()
    /// By the key of the service that is waited for.
    var dependencies: [String: ComposeDependency] = [:]
    /// Empty: always part of the stack.
    var profiles: [String] = []
    var build: ComposeBuild?

    init(name: String, origin: Origin) {
        self.name = name
        self.origin = origin
    }

    /// Whether its tasks are meant to end.
    var isJob: Bool { deploy.mode == .replicatedJob || deploy.mode == .globalJob }

    /// The place of a key of this service, or of the service when the key was not written.
    func origin(of key: String...) -> Origin {
        guard let position = keyPositions.positions[key.joined(separator: ".")] else { return origin }
        return Origin(path: key.reduce(origin.path) { $0.key($1) }, position: position)
    }
}

/// Where keys stand. That is no part of what they say: any two are equal.
struct KeyPositions: Hashable, Sendable {
    var positions: [String: SourcePosition] = [:]

    static func == (left: KeyPositions, right: KeyPositions) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}

/// A service that must be as it should before this one is made.
struct ComposeDependency: Hashable, Sendable {
    var origin: Origin
    var condition: ServiceDependency.Condition = .started
    var restart: Bool?
    var isRequired: Bool?
}

/// A line for a container's /etc/hosts.
struct ExtraHost: Hashable, Sendable {
    var name: String
    var address: String
}

struct ComposeUlimit: Hashable, Sendable {
    var soft: Int64
    var hard: Int64
}

struct ComposeLogging: Hashable, Sendable {
    var driver: String?
    var options: [String: String]?
}

struct ComposeCredentialSpec: Hashable, Sendable {
    var config: String?
    var file: String?
    var registry: String?
}

/// Durations in nanoseconds.
struct ComposeHealthcheck: Hashable, Sendable {
    var test: [String]?
    var isDisabled: Bool?
    var interval: Int64?
    var timeout: Int64?
    var startPeriod: Int64?
    var startInterval: Int64?
    var retries: Int64?
}

/// How a service hangs on a network.
struct ComposeNetworkAttachment: Hashable, Sendable {
    var origin: Origin
    var aliases: [String] = []
    var driverOptions: [String: String]?
}

/// One published port.
struct ComposePort: Hashable, Sendable {
    var origin: Origin
    var target: UInt32?
    var published: UInt32?
    var `protocol`: String?
    /// `ingress` or `host`.
    var mode: String?
    var name: String?
}

/// A config or secret in a container.
struct ComposeFileReference: Hashable, Sendable {
    var origin: Origin
    var source: String
    var target: String?
    var uid: String?
    var gid: String?
    var mode: UInt32?
}
