/// What one look at a host has shown; nothing on the host is changed by it. What could not be read is nil.
public struct HostFacts: Sendable, Hashable {
    public struct Engine: Sendable, Hashable {
        public var version: String
        public var storageDriver: String?
        /// How many containers run.
        public var running: Int
        /// `inactive`, `pending`, `active`, `error`, `locked`: the engine's own word.
        public var swarmState: String
        public var nodeID: String?
        public var clusterID: String?
        public var isManager: Bool
        /// Containers outlive a restart of the engine (`live-restore`).
        public var letsContainersLive: Bool

        public init(
            version: String, storageDriver: String? = nil, running: Int = 0, swarmState: String = "inactive",
            nodeID: String? = nil, clusterID: String? = nil, isManager: Bool = false, letsContainersLive: Bool = false
        ) {
            self.version = version
            self.storageDriver = storageDriver
            self.running = running
            self.swarmState = swarmState
            self.nodeID = nodeID
            self.clusterID = clusterID
            self.isManager = isManager
            self.letsContainersLive = letsContainersLive
        }
    }

    /// `ID` of os-release(5): `debian`, `ubuntu`.
    public var distribution: String?
    /// `VERSION_ID` of os-release(5): `12`, `24.04`.
    public var release: String?
    /// As `uname -m` says.
    public var architecture: String?
    public var kernel: String?
    public var hasSystemd = false
    /// Bytes.
    public var memory: Int?
    public var cores: Int?
    /// Free bytes where `/var/lib` lies.
    public var freeDisk: Int?
    public var totalDisk: Int?
    /// Seconds since 1970, when it was looked.
    public var time: Int?
    public var hostName: String?
    /// machine-id(5); two hosts with the same one are copies.
    public var machineID: String?
    /// Global addresses, without their prefix length.
    public var addresses: [String] = []
    public var defaultInterface: String?
    /// Of the default interface, in bytes.
    public var mtu: Int?
    /// `dockerd` is installed, whether it runs or not.
    public var hasDocker = false
    /// Roadstead has prepared its engine, wholly or half.
    public var isPrepared = false
    /// Roadstead has begun to install the engine and has not come to the end.
    public var isInstalling = false
    /// PEM of the authority whose clients the engine takes, as Roadstead has set it up; its words have one space between.
    public var engineAuthority: String?
    /// Docker's folder holds containers or the state of a Swarm, or is not where it usually is.
    public var hasDockerState = false
    /// The engine that answers.
    public var engine: Engine?
    /// Its containers that run, the first hundred.
    public var containers: [Container] = []
    /// What `daemon.json` says of listening and TLS, which the engine takes from one place only.
    public var engineSettings: [String] = []
    /// The engine's configuration was changed, and the engine has not been started with it.
    public var isRestartDue = false
    /// Free space where packages and images go.
    public var spaces: [Space] = []
    /// The package that the engine is from: `docker.io`, `docker-ce`; nil for another one, or none.
    public var enginePackage: String?
    /// Another process holds dpkg's lock.
    public var packageLockHeld = false
    /// cloud-init's word: `running`, `done`, `error`, `disabled`; nil where there is none.
    public var cloudInit: String?

    public init() {}

    /// By how many seconds the host's clock is ahead of one that says `now`, which was read when the answer came.
    public func clockAhead(of now: Int) -> Int? { time.map { $0 - now } }
}
