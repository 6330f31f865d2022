/// The container that a task runs (`ContainerSpec` of the Engine API).
public struct ContainerSpec: Codable, Hashable, Sendable {
    public var image: String?
    public var labels: [String: String]?
    /// Replaces the image's entry point.
    public var command: [String]?
    /// Replaces the image's command.
    public var args: [String]?
    public var hostname: String?
    /// `NAME=value`, or `NAME` alone to remove one that the image sets.
    public var env: [String]?
    public var dir: String?
    public var user: String?
    public var groups: [String]?
    public var privileges: Privileges?
    public var `init`: Bool?
    public var stopSignal: String?
    public var tty: Bool?
    public var openStdin: Bool?
    public var readOnly: Bool?
    public var mounts: [Mount]?
    /// Nanoseconds.
    public var stopGracePeriod: Int64?
    public var healthcheck: HealthConfig?
    /// Lines of /etc/hosts: `address name`.
    public var hosts: [String]?
    public var dnsConfig: DNSConfig?
    public var secrets: [SecretReference]?
    public var configs: [ConfigReference]?
    public var isolation: String?
    public var sysctls: [String: String]?
    public var capabilityAdd: [String]?
    public var capabilityDrop: [String]?
    public var ulimits: [Ulimit]?
    public var oomScoreAdj: Int64?

    public init(image: String? = nil) { self.image = image }

    enum CodingKeys: String, CodingKey {
        case image = "Image"
        case labels = "Labels"
        case command = "Command"
        case args = "Args"
        case hostname = "Hostname"
        case env = "Env"
        case dir = "Dir"
        case user = "User"
        case groups = "Groups"
        case privileges = "Privileges"
        case `init` = "Init"
        case stopSignal = "StopSignal"
        case tty = "TTY"
        case openStdin = "OpenStdin"
        case readOnly = "ReadOnly"
        case mounts = "Mounts"
        case stopGracePeriod = "StopGracePeriod"
        case healthcheck = "Healthcheck"
        case hosts = "Hosts"
        case dnsConfig = "DNSConfig"
        case secrets = "Secrets"
        case configs = "Configs"
        case isolation = "Isolation"
        case sysctls = "Sysctls"
        case capabilityAdd = "CapabilityAdd"
        case capabilityDrop = "CapabilityDrop"
        case ulimits = "Ulimits"
        case oomScoreAdj = "OomScoreAdj"
    }
}

/// How the engine finds out whether a container does its work. Durations in nanoseconds.
public struct HealthConfig: Codable, Hashable, Sendable {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", line]`; empty inherits the image's.
    public var test: [String]?
    public var interval: Int64?
    public var timeout: Int64?
    public var startPeriod: Int64?
    /// API 1.44.
    public var startInterval: Int64?
    public var retries: Int?

    public init(
        test: [String]? = nil, interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
        startInterval: Int64? = nil, retries: Int? = nil
    ) {
        self.test = test
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.startInterval = startInterval
        self.retries = retries
    }

    enum CodingKeys: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case startInterval = "StartInterval"
        case retries = "Retries"
    }
}

public struct DNSConfig: Codable, Hashable, Sendable {
    public var nameservers: [String]?
    public var search: [String]?
    public var options: [String]?

    public init(nameservers: [String]? = nil, search: [String]? = nil, options: [String]? = nil) {
        self.nameservers = nameservers
        self.search = search
        self.options = options
    }

    enum CodingKeys: String, CodingKey {
        case nameservers = "Nameservers"
        case search = "Search"
        case options = "Options"
    }
}

public struct Ulimit: Codable, Hashable, Sendable {
    public var name: String?
    public var soft: Int64?
    public var hard: Int64?

    public init(name: String? = nil, soft: Int64? = nil, hard: Int64? = nil) {
        self.name = name
        self.soft = soft
        self.hard = hard
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case soft = "Soft"
        case hard = "Hard"
    }
}

/// Where a config or a secret appears in the container.
public struct FileTarget: Codable, Hashable, Sendable {
    public var name: String?
    public var uid: String?
    public var gid: String?
    /// File mode as a number (0o444 is 292 on the wire).
    public var mode: UInt32?

    public init(name: String? = nil, uid: String? = nil, gid: String? = nil, mode: UInt32? = nil) {
        self.name = name
        self.uid = uid
        self.gid = gid
        self.mode = mode
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case uid = "UID"
        case gid = "GID"
        case mode = "Mode"
    }
}

public struct SecretReference: Codable, Hashable, Sendable {
    public var file: FileTarget?
    public var secretID: String?
    public var secretName: String?

    public init(file: FileTarget? = nil, secretID: String? = nil, secretName: String? = nil) {
        self.file = file
        self.secretID = secretID
        self.secretName = secretName
    }

    enum CodingKeys: String, CodingKey {
        case file = "File"
        case secretID = "SecretID"
        case secretName = "SecretName"
    }
}

public struct ConfigReference: Codable, Hashable, Sendable {
    public var file: FileTarget?
    /// Present (empty) when the config is used by the runtime and not mounted as a file (credential specs).
    public var runtime: EmptyObject?
    public var configID: String?
    public var configName: String?

    public init(
        file: FileTarget? = nil, runtime: EmptyObject? = nil, configID: String? = nil, configName: String? = nil
    ) {
        self.file = file
        self.runtime = runtime
        self.configID = configID
        self.configName = configName
    }

    enum CodingKeys: String, CodingKey {
        case file = "File"
        case runtime = "Runtime"
        case configID = "ConfigID"
        case configName = "ConfigName"
    }
}
