/// Where a machine is in its life. Raw values are the wire's.
public enum MachineState: String, Sendable, Hashable, CaseIterable {
    /// It has a name; the driver was not asked yet.
    case planned = "PLANNED"
    /// The driver was asked, and has perhaps not answered: there may be a machine.
    case making = "MAKING"
    /// The machine is there and starts; SSH does not answer yet.
    case booting = "BOOTING"
    /// SSH answers; the engine is being installed.
    case preparing = "PREPARING"
    /// The engine runs; it is no node of the Swarm yet.
    case prepared = "PREPARED"
    /// A ready node of the Swarm.
    case running = "RUNNING"
    /// Turned off, by us or by its owner.
    case stopped = "STOPPED"
    /// A node that does not answer.
    case lost = "LOST"
    /// Its tasks move to other nodes, and it leaves the Swarm.
    case draining = "DRAINING"
    /// The driver was asked to remove it.
    case removing = "REMOVING"
    /// The driver says that it is gone.
    case removed = "REMOVED"
}

extension MachineState {
    /// The states that may follow.
    public var successors: Set<MachineState> {
        switch self {
        case .planned: [.making, .removed]
        case .making: [.booting, .removing, .removed]
        case .booting: [.preparing, .stopped, .removing]
        case .preparing: [.prepared, .booting, .stopped, .removing]
        case .prepared: [.running, .preparing, .stopped, .removing]
        case .running: [.stopped, .lost, .draining, .preparing, .removing]
        case .stopped: [.booting, .running, .lost, .draining, .removing]
        case .lost: [.running, .booting, .stopped, .draining, .removing]
        case .draining: [.running, .prepared, .lost, .removing]
        case .removing: [.removed]
        case .removed: []
        }
    }

    public func mayBecome(_ next: MachineState) -> Bool { self == next || successors.contains(next) }

    /// Whether its making has not come to its end.
    public var isUnfinished: Bool { [.planned, .making, .booting, .preparing, .prepared].contains(self) }

    /// Whether its removal has begun.
    public var isLeaving: Bool { [.draining, .removing, .removed].contains(self) }

    /// Whether the cluster counts on it: made or in the making, not dead, not on its way out.
    public var isLiving: Bool { !isLeaving && self != .lost }

    /// Whether there may be a machine that costs money.
    public var mayExist: Bool { self != .planned && self != .removed }
}
