/// One service of a Compose file.
struct ComposeService: Hashable, Sendable {
    var name: String
    /// Where the service begins.
    var origin: Origin
    /// Where its keys stand: `image`, `deploy.mode`.
    var keyPositions: [String: SourcePosition] = [:]

    var image: String?
    var command: [String]?
    var entrypoint: [String]?
    /// nil values are variables to take out of the image's environment.
    var environment: [String: String?] = [:]
    var labels: [String: String] = [:]
    var hostname: String?
    var user: String?
    var workingDirectory: String?
    var extraHosts: [ExtraHost] = []
    var dns: [String] = []
    var dnsSearch: [String] = []
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

    init(name: String, origin: Origin) {
        self.name = name
        self.origin = origin
    }

    /// The place of a key of this service, or of the service when the key was not written.
    func origin(of key: String...) -> Origin {
        guard let position = keyPositions[key.joined(separator: ".")] else { return origin }
        return Origin(path: key.reduce(origin.path) { $0.key($1) }, position: position)
    }
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
