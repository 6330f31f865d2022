/// What a machine does in its cluster.
public enum MachineRole: String, Sendable, Hashable, CaseIterable {
    /// Keeps the cluster's state with the other managers (Raft), and runs containers too.
    case manager
    case worker
}
