/// How the machines of a cluster, and the containers on them, are connected.
public struct ClusterNetwork: Sendable, Hashable {
    /// CIDR of a private network of the cluster's own; nil is the cloud's usual network.
    public var range: String?
    /// Bytes; nil is measured.
    public var mtu: Int?
    /// CIDRs of which overlay networks are cut; empty is the engine's own choice (10.0.0.0/8).
    public var pools: [String]

    public init(range: String? = nil, mtu: Int? = nil, pools: [String] = []) {
        (self.range, self.mtu, self.pools) = (range, mtu, pools)
    }
}
