import RoadsteadBasics

/// One container of a list (`GET /containers/json`).
public struct ContainerSummary: Codable, Hashable, Sendable {
    public var id: String
    /// With a leading `/`.
    public var names: [String]?
    public var image: String?
    public var imageID: String?
    public var command: String?
    /// `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`.
    public var state: String?
    /// For people: `Up 5 minutes (healthy)`.
    public var status: String?
    public var labels: [String: String]?

    public init(id: String) { self.id = id }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case image = "Image"
        case imageID = "ImageID"
        case command = "Command"
        case state = "State"
        case status = "Status"
        case labels = "Labels"
    }
}

/// A container (`GET /containers/{id}/json`).
public struct Container: Codable, Hashable, Sendable {
    public struct State: Codable, Hashable, Sendable {
        public var status: String?
        public var running: Bool?
        public var exitCode: Int?
        public var error: String?
        public var oomKilled: Bool?
        public var pid: Int?
        /// `0001-01-01T00:00:00Z` when it has not happened.
        public var startedAt: Instant?
        public var finishedAt: Instant?
        public var health: Health?

        public init() {}

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case running = "Running"
            case exitCode = "ExitCode"
            case error = "Error"
            case oomKilled = "OOMKilled"
            case pid = "Pid"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
            case health = "Health"
        }
    }

    public struct Health: Codable, Hashable, Sendable {
        public struct Probe: Codable, Hashable, Sendable {
            public var exitCode: Int?
            public var output: String?

            enum CodingKeys: String, CodingKey {
                case exitCode = "ExitCode"
                case output = "Output"
            }
        }

        /// `none`, `starting`, `healthy` or `unhealthy`.
        public var status: String?
        public var failingStreak: Int?
        /// The last five.
        public var log: [Probe]?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case failingStreak = "FailingStreak"
            case log = "Log"
        }
    }

    public var id: String
    public var name: String?
    public var image: String?
    public var created: Instant?
    public var state: State?
    public var config: ContainerConfig?

    public init(id: String) { self.id = id }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case image = "Image"
        case created = "Created"
        case state = "State"
        case config = "Config"
    }
}

/// What a container outside of any service should be: the members of `POST /containers/create` that we use.
public struct ContainerConfig: Codable, Hashable, Sendable {
    public var image: String?
    public var cmd: [String]?
    public var entrypoint: [String]?
    public var env: [String]?
    public var workingDir: String?
    public var user: String?
    public var hostname: String?
    public var labels: [String: String]?
    public var tty: Bool?
    public var openStdin: Bool?
    public var stdinOnce: Bool?
    public var attachStdin: Bool?
    public var attachStdout: Bool?
    public var attachStderr: Bool?
    /// Not in answers.
    public var hostConfig: HostConfig?

    public init(image: String? = nil, cmd: [String]? = nil) {
        self.image = image
        self.cmd = cmd
    }

    enum CodingKeys: String, CodingKey {
        case image = "Image"
        case cmd = "Cmd"
        case entrypoint = "Entrypoint"
        case env = "Env"
        case workingDir = "WorkingDir"
        case user = "User"
        case hostname = "Hostname"
        case labels = "Labels"
        case tty = "Tty"
        case openStdin = "OpenStdin"
        case stdinOnce = "StdinOnce"
        case attachStdin = "AttachStdin"
        case attachStdout = "AttachStdout"
        case attachStderr = "AttachStderr"
        case hostConfig = "HostConfig"
    }
}

/// How a container is tied to its host.
public struct HostConfig: Codable, Hashable, Sendable {
    /// `none`, `host`, `bridge`, or a network's name.
    public var networkMode: String?
    public var autoRemove: Bool?
    public var binds: [String]?
    public var mounts: [Mount]?
    public var readonlyRootfs: Bool?
    public var privileged: Bool?
    /// Bytes.
    public var memory: Int64?

    public init(networkMode: String? = nil, autoRemove: Bool? = nil) {
        self.networkMode = networkMode
        self.autoRemove = autoRemove
    }

    enum CodingKeys: String, CodingKey {
        case networkMode = "NetworkMode"
        case autoRemove = "AutoRemove"
        case binds = "Binds"
        case mounts = "Mounts"
        case readonlyRootfs = "ReadonlyRootfs"
        case privileged = "Privileged"
        case memory = "Memory"
    }
}

/// How a container ended (`POST /containers/{id}/wait`).
public struct ContainerExit: Codable, Hashable, Sendable {
    public struct Failure: Codable, Hashable, Sendable {
        public var message: String?

        enum CodingKeys: String, CodingKey { case message = "Message" }
    }

    public var statusCode: Int
    public var error: Failure?

    public init(statusCode: Int) { self.statusCode = statusCode }

    enum CodingKeys: String, CodingKey {
        case statusCode = "StatusCode"
        case error = "Error"
    }
}
