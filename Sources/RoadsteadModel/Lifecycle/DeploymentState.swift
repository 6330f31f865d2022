/// Where a deployment is in its life. Raw values are the wire's; the legacy ones are read and never written.
public enum DeploymentState: String, Sendable, Hashable, CaseIterable {
    case created = "CREATED"
    case pending = "PENDING"
    case starting = "STARTING"
    case started = "STARTED"
    case updating = "UPDATING"
    case stopping = "STOPPING"
    case stopped = "STOPPED"
    case error = "ERROR"
    case pausing = "PAUSING"
    case paused = "PAUSED"
    case suspending = "SUSPENDING"
    case suspended = "SUSPENDED"
    case updated = "UPDATED"
}

/// What can be asked of a deployment that depends on its state. `rollback`, `scale` and `restart` are ours.
public enum DeploymentOperation: String, Sendable, CaseIterable {
    case start, stop, update, delete, rollback, scale, restart

    /// The wire name of the job that does it; nil for what is done at once.
    public var jobAction: String? { self == .delete ? nil : rawValue + "_deployment" }

    /// The state that the deployment has while the job runs.
    public var stateWhileRunning: DeploymentState? {
        switch self {
        case .start: .starting
        case .stop: .stopping
        case .update, .rollback, .scale, .restart: .updating
        case .delete: nil
        }
    }
}

extension DeploymentState {
    /// The table of the dialect (start from rest, stop what is up or on its way up, update what is up or failed).
    public func allows(_ operation: DeploymentOperation) -> Bool {
        switch operation {
        case .start: [.created, .stopped].contains(self)
        case .stop: [.pending, .starting, .updating, .started, .error].contains(self)
        case .update, .rollback, .scale, .restart: [.started, .error].contains(self)
        case .delete: [.created, .stopped].contains(self)
        }
    }

    /// Whether the stack on the Swarm is watched, when there may be one: a failed deployment may run for the most part.
    public var isWatched: Bool { [.started, .error].contains(self) }

    /// Whether nothing of the deployment is on the Swarm.
    public var isAtRest: Bool { [.created, .stopped].contains(self) }
}
