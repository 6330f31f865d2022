import RoadsteadBasics

extension ClusterPlan {
    /// What taking one machine out of the cluster takes, and nothing else that may be otherwise. Its state says that it leaves,
    /// and `specification` counts on it no more.
    ///
    /// - Throws: `invalidState` when the managers have lost their quorum, or would.
    public static func removal(
        of name: String, _ specification: ClusterSpecification, _ facts: ClusterFacts
    ) throws(RoadsteadError) -> ClusterPlan {
        guard let machine = facts.machines.first(where: { $0.name == name }) else {
            throw RoadsteadError(.notFound, "cluster \(specification.name) has no machine '\(name)'")
        }
        var planner = ClusterPlanner(specification, facts)
        return try planner.removalPlan(of: machine)
    }
}

extension ClusterPlanner {
    /// The quorum is that of these steps: machines that a plan of everything would make are not made here.
    fileprivate mutating func removalPlan(of machine: ClusterMachine) throws(RoadsteadError) -> ClusterPlan {
        let steps = nodeSteps().filter { step in
            step.name == machine.name || (step.action == .promote && machine.role == .manager)
        }
        checkQuorum(steps)
        try throwProblems()
        return ClusterPlan(cluster: specification.name, steps: steps, warnings: [])
    }
}

extension ClusterPlanStep {
    /// Whether a machine is made by it.
    public var makesMachine: Bool {
        guard kind == .machine else { return false }
        switch action {
        case .make, .finish, .replace: return true
        case .promote, .demote, .update, .upgrade, .unchanged, .remove: return false
        }
    }
}
