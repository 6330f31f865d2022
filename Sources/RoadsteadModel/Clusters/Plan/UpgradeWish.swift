import RoadsteadBasics

/// Which engines are changed, and in what.
public struct UpgradeWish: Sendable, Hashable {
    /// The only one; nil means all.
    public var machine: String?
    /// Also engines that the specification accepts: there may be newer packages.
    public var takesNewest: Bool
    /// New certificates, whatever is wrong with the old ones, and nothing else.
    public var certificatesOnly: Bool

    public init(machine: String? = nil, takesNewest: Bool = true, certificatesOnly: Bool = false) {
        (self.machine, self.takesNewest, self.certificatesOnly) = (machine, takesNewest, certificatesOnly)
    }

    /// What is otherwise than the specification says.
    static let ofSpecification = UpgradeWish(takesNewest: false)
}

extension ClusterPlan {
    /// Compares the engines alone with a specification; machines come and go by `make`.
    ///
    /// - Throws: `invalidState` when a manager would be stopped while another does not answer; `notFound` for a machine that
    ///   is none.
    public static func upgrade(
        _ specification: ClusterSpecification, _ facts: ClusterFacts, _ wish: UpgradeWish = UpgradeWish()
    ) throws(RoadsteadError) -> ClusterPlan {
        if let name = wish.machine, !facts.machines.contains(where: { $0.name == name }) {
            throw RoadsteadError(.notFound, "cluster \(specification.name) has no machine '\(name)'")
        }
        var planner = ClusterPlanner(specification, facts)
        return try planner.upgradePlan(wish)
    }
}

extension ClusterPlanner {
    /// What services notice. A Swarm does not spread tasks anew by itself, so that of two nodes one has them all in the end.
    private static func warning(nodes: Int, changed: Int) -> String? {
        switch (nodes, changed) {
        case (1, 1):
            "there is no other node: it is not drained, and its containers stand still while its engine changes"
        case (2, 2):
            "of two nodes the second has all tasks when its turn comes: they move together, and every service is away for a "
                + "moment then; three nodes would keep those with two replicas or more"
        default: nil
        }
    }

    fileprivate mutating func upgradePlan(_ wish: UpgradeWish) throws(RoadsteadError) -> ClusterPlan {
        let nodes = facts.machines.filter { !$0.state.isUnfinished && !$0.state.isLeaving }
        let reached = nodes.filter { $0.isSetAside || $0.state == .running }
        let steps = upgrades(of: reached.map { ($0, $0.role) }, wish)
        let changed = Set(steps.map(\.name))
        for machine in nodes where !reached.contains(machine) && (wish.machine ?? machine.name) == machine.name {
            warnings.append("machine \(machine.name) does not answer, and its engine stays as it is")
        }
        warnAboutNewerEngines(reached.filter { (wish.machine ?? $0.name) == $0.name })
        if !steps.isEmpty { checkQuorum(steps) }
        if let warning = Self.warning(nodes: nodes.count, changed: steps.count) { warnings.append(warning) }
        try throwProblems()
        let rest = nodes.filter { !changed.contains($0.name) && wish.machine == nil }
        return ClusterPlan(
            cluster: specification.name,
            steps: steps + rest.map { ClusterPlanStep(.machine, $0.name, .unchanged, $0.role) }, warnings: warnings)
    }
}
