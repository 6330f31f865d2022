import RoadsteadBasics

/// What a host's Docker engine is to be.
public struct EngineWishes: Sendable {
    /// PEM texts for the engine's port 2376: it takes only clients whose certificate `authority` signed.
    public struct TLS: Sendable {
        public var authority: String
        public var certificate: String
        public var key: Redacted<String>

        public init(authority: String, certificate: String, key: Redacted<String>) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    /// `26.1`, `26.1.5` or a package's whole version; nil: the newest that the packages have.
    public var version: String?
    public var packages = EnginePackages.distribution
    /// Of the engine's own bridge, in bytes, where packets are smaller than 1500.
    public var mtu: Int?
    public var tls: TLS?
    /// The Swarm in which the host may be already.
    public var clusterID: String?
    /// Where Docker's data go: `auto` for the one empty disk, or a device; nil: the system's disk.
    public var dataDisk: String?
    /// Whether the engine is reached at an IPv6 address. Not for all: where the kernel has no IPv6, the engine would not start.
    public var isOverIPv6: Bool
    /// A host that runs containers, or is in another Swarm, is taken as it is.
    public var adopt: Bool

    public init(
        version: String? = nil, mtu: Int? = nil, tls: TLS? = nil, clusterID: String? = nil, dataDisk: String? = nil,
        isOverIPv6: Bool = false, adopt: Bool = false
    ) {
        self.version = version
        self.mtu = mtu
        self.tls = tls
        self.clusterID = clusterID
        self.dataDisk = dataDisk
        self.isOverIPv6 = isOverIPv6
        self.adopt = adopt
    }
}
