/// What a cluster is at this moment, as far as it was found out.
public struct ClusterFacts: Sendable, Hashable {
    public var machines: [ClusterMachine]
    /// nil where no firewall of ours is (hosts that exist), or none is there yet.
    public var firewall: ClusterFirewall?

    public init(machines: [ClusterMachine] = [], firewall: ClusterFirewall? = nil) {
        (self.machines, self.firewall) = (machines, firewall)
    }
}

/// What a cluster's firewall lets in from outside, apart from what its machines say to each other.
public struct ClusterFirewall: Sendable, Hashable {
    /// Open to the world.
    public var ports: [PortRange]
    /// CIDRs.
    public var engineAccess: [String]
    public var sshAccess: [String]

    public init(ports: [PortRange] = [], engineAccess: [String] = [], sshAccess: [String] = []) {
        (self.ports, self.engineAccess, self.sshAccess) = (ports, engineAccess, sshAccess)
    }

    public init(_ specification: ClusterSpecification) {
        self.init(
            ports: specification.ports, engineAccess: specification.engineAccess, sshAccess: specification.sshAccess)
    }
}
