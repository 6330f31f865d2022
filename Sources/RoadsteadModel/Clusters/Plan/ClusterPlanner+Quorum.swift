import RoadsteadBasics

extension ClusterPlanner {
    /// Goes through the steps that change who is a manager and refuses the first that would leave the managers without a
    /// majority that answers.
    mutating func checkQuorum(_ steps: [ClusterPlanStep]) {
        var voters = Set(facts.machines.filter(\.isVoter).map(\.name))
        var healthy = Set(facts.machines.filter(\.isHealthyVoter).map(\.name))
        guard !voters.isEmpty else { return }
        guard Self.isQuorum(healthy.count, of: voters.count) else {
            problems.append(lostQuorum(healthy, voters))
            return
        }
        for step in steps {
            apply(step, &voters, &healthy)
            if let problem = upgradeProblem(step, voters.subtracting(healthy)) {
                problems.append(problem)
                return
            }
            guard Self.isQuorum(healthy.count, of: voters.count) else {
                let silent = voters.subtracting(healthy).sorted().joined(separator: ", ")
                problems.append(
                    "machine \(step.name) cannot be \(Self.word(step)): of \(voters.count) managers only "
                        + "\(healthy.count) would answer, and the Swarm would lose its quorum; bring \(silent) back "
                        + "first, or repair the cluster")
                return
            }
        }
    }

    /// A majority of all managers must answer (Raft).
    static func isQuorum(_ healthy: Int, of voters: Int) -> Bool { 2 * healthy > voters }

    private func apply(_ step: ClusterPlanStep, _ voters: inout Set<String>, _ healthy: inout Set<String>) {
        if case .replace(let dead) = step.action {
            voters.remove(dead)
            healthy.remove(dead)
        }
        switch step.action {
        case .make, .finish, .replace, .promote:
            guard step.kind == .machine, step.role == .manager else { return }
            voters.insert(step.name)
            healthy.insert(step.name)
        case .demote, .remove:
            voters.remove(step.name)
            healthy.remove(step.name)
        case .update, .upgrade, .unchanged: break
        }
    }

    private static func word(_ step: ClusterPlanStep) -> String {
        switch step.action {
        case .demote, .remove: "taken from the managers"
        case .make, .finish, .replace, .promote, .update, .upgrade, .unchanged: "made a manager"
        }
    }

    private func lostQuorum(_ healthy: Set<String>, _ voters: Set<String>) -> String {
        let silent = voters.subtracting(healthy).sorted().joined(separator: ", ")
        return
            "cluster \(specification.name) has lost its quorum: of \(voters.count) managers \(healthy.count) answer; bring "
            + "back \(silent), or restore the cluster from a backup (roadstead cluster restore \(specification.name))"
    }
}
