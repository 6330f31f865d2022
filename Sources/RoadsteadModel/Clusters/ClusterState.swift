import RoadsteadBasics

/// Where a cluster is in its life. Raw values are the wire's.
public enum ClusterState: String, Sendable, Hashable, CaseIterable {
    /// It is written down; nothing was asked of anybody.
    case created = "CREATED"
    case creating = "CREATING"
    case ready = "READY"
    /// It works, but less than it should: a node is lost, or what was last asked for failed half-way.
    case degraded = "DEGRADED"
    case changing = "CHANGING"
    /// Its making failed or was cancelled: what was made is known, and is finished, undone or terminated.
    case error = "ERROR"
    case terminating = "TERMINATING"
    /// Nothing of it is left.
    case terminated = "TERMINATED"
}

/// What can be asked of a cluster that depends on its state.
public enum ClusterOperation: String, Sendable, Hashable, CaseIterable {
    /// Makes it, or goes on with making it.
    case create
    /// Takes back what a making that failed has made.
    case undo
    /// Takes over a Swarm that exists.
    case adopt
    case apply, upgrade, repair, backup, restore, terminate
    /// Removes its document; for clusters of which nothing is left.
    case delete

    /// The wire name of the job that does it; nil for what is done at once.
    public var jobAction: String? { self == .delete ? nil : rawValue + "_cluster" }

    /// The state that the cluster has while the job runs; nil when it stays what it is.
    public var stateWhileRunning: ClusterState? {
        switch self {
        case .create, .adopt: .creating
        case .apply, .upgrade, .repair, .restore: .changing
        case .undo, .terminate: .terminating
        case .backup, .delete: nil
        }
    }
}

extension ClusterState {
    public func allows(_ operation: ClusterOperation) -> Bool {
        switch operation {
        case .create: [.created, .error].contains(self)
        case .undo: self == .error
        case .adopt: self == .created
        case .apply, .upgrade, .backup: [.ready, .degraded].contains(self)
        case .repair, .restore: [.ready, .degraded, .error].contains(self)
        case .terminate: ![.terminated, .terminating].contains(self)
        case .delete: [.created, .terminated].contains(self)
        }
    }

    /// The state once the operation has begun.
    ///
    /// Throws `invalidState` when the cluster's state does not allow it.
    public func beginning(_ operation: ClusterOperation) throws(RoadsteadError) -> ClusterState {
        guard allows(operation) else {
            let allowed = ClusterOperation.allCases.filter(allows).map(\.rawValue).joined(separator: ", ")
            throw RoadsteadError(
                .invalidState,
                "\(operation.rawValue) is not possible while the cluster is \(rawValue); "
                    + (allowed.isEmpty ? "nothing can be asked of it" : "it can be asked for: \(allowed)"))
        }
        return operation.stateWhileRunning ?? self
    }

    /// The state once the operation, begun in this state, has ended; a cancelled one has not succeeded.
    public func ending(_ operation: ClusterOperation, succeeded: Bool) -> ClusterState {
        switch operation {
        case .create, .adopt, .restore: succeeded ? .ready : .error
        case .apply, .upgrade, .repair: succeeded ? .ready : .degraded
        case .undo: succeeded ? .created : .error
        case .terminate: succeeded ? .terminated : .error
        case .backup, .delete: self
        }
    }

    /// The state after somebody has looked at the nodes. Only a cluster at rest changes by that.
    public func observing(isHealthy: Bool) -> ClusterState {
        guard self == .ready || self == .degraded else { return self }
        return isHealthy ? .ready : .degraded
    }

    /// Whether there may be machines that cost money.
    public var mayHaveMachines: Bool { self != .created && self != .terminated }

    /// Whether applications can be deployed to it.
    public var isUsable: Bool { [.ready, .degraded, .changing].contains(self) }
}
