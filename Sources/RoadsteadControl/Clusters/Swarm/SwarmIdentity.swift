import RoadsteadModel

/// Which Swarm, and which node of it.
public struct SwarmIdentity: Sendable, Hashable {
    public var swarmID: String
    public var nodeID: String
}

/// A machine that is to be a node of the Swarm.
struct SwarmMember: Sendable, Hashable {
    /// Of the machine; for messages.
    var name: String
    var nodeID: String
    var role: MachineRole
}
