/// A machine of a cluster as it was found: what is known of it without asking anybody any more.
public struct ClusterMachine: Sendable, Hashable {
    public var name: String
    public var role: MachineRole
    public var state: MachineState
    public var zone: String?
    /// `ClusterHost.key` of the host that it is; nil for machines that a driver made.
    public var host: String?
    /// Of its node in the Swarm; nil when it is none.
    public var labels: [String: String]?
    /// Keys of the labels that Roadstead has set: others are somebody else's, and are left alone.
    public var ownLabels: Set<String>
    /// Nil when its engine did not answer.
    public var engineVersion: String?
    /// What the driver made; nil where it is not known.
    public var size: String?
    /// Whether the managers follow it at the moment.
    public var isLeader = false
    /// From which packages its engine is; nil when it is not known.
    public var enginePackages: ClusterEngine.Packages?
    /// Roadstead has sent its tasks away, to change its engine, and has not made it take tasks again.
    public var isSetAside = false
    /// Why its engine's certificate should be made anew; nil when it should not.
    public var certificateFault: String?

    public init(
        _ name: String, _ role: MachineRole, _ state: MachineState = .running, zone: String? = nil, host: String? = nil,
        labels: [String: String]? = nil, ownLabels: Set<String> = [], engineVersion: String? = nil, size: String? = nil
    ) {
        (self.name, self.role, self.state, self.zone, self.host) = (name, role, state, zone, host)
        (self.labels, self.ownLabels) = (labels, ownLabels)
        (self.engineVersion, self.size) = (engineVersion, size)
    }

    /// Whether it is one of the managers that keep the Swarm's state, dead or alive.
    var isVoter: Bool { role == .manager && !state.isUnfinished && state != .removing && state != .removed }

    /// Whether it answers as a manager.
    var isHealthyVoter: Bool { isVoter && (state == .running || state == .draining) }
}
