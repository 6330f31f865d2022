import RoadsteadBasics

extension ClusterSpecification {
    /// The same with one node less. Where that one was a manager a worker takes its place: of hosts that exist the first in
    /// the list.
    ///
    /// Throws `invalidState` for the last node, and for a manager when no worker is left to follow it.
    public func without(_ machine: ClusterMachine) throws(RoadsteadError) -> ClusterSpecification {
        guard nodes > 1 else {
            throw RoadsteadError(
                .invalidState,
                "\(machine.name) is the only node of cluster \(name): end the cluster (roadstead cluster terminate \(name))"
            )
        }
        guard workers > 0 else {
            throw RoadsteadError(
                .invalidState,
                "\(machine.name) is one of \(managers) managers and there is no worker to take its place: scale to fewer "
                    + "managers (roadstead cluster scale \(name) --managers \(managers - 2)), or add a worker first")
        }
        var smaller = self
        smaller.labels.nodes[machine.name] = nil
        smaller.workers -= 1
        guard isGeneric else { return smaller }
        smaller.hosts.removeAll { $0.key == machine.host }
        // A host that an edit has taken out of the list already.
        guard smaller.hosts.count < hosts.count else { return self }
        let heir = smaller.hosts.firstIndex { $0.role == .worker }
        if smaller.hosts.count(where: { $0.role == .manager }) < managers, let heir {
            smaller.hosts[heir].role = .manager
        }
        return smaller
    }
}
