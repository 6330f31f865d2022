import RoadsteadBasics

/// Makes a `ClusterPlan`; pure.
struct ClusterPlanner {
    let specification: ClusterSpecification
    let facts: ClusterFacts
    let roster: ClusterRoster
    let machines: [String: ClusterMachine]
    var problems: [String] = []
    var warnings: [String] = []
    /// The machines that are dead, by what replaces each.
    var replaced: [String: String] = [:]

    init(_ specification: ClusterSpecification, _ facts: ClusterFacts) {
        (self.specification, self.facts) = (specification, facts)
        roster = ClusterRoster.make(specification, machines: facts.machines)
        machines = Dictionary(facts.machines.map { ($0.name, $0) }) { first, _ in first }
    }

    mutating func plan() throws(RoadsteadError) -> ClusterPlan {
        pairReplacements()
        let firewall = firewallSteps()
        let nodes = nodeSteps()
        warnAboutDifferences()
        warnAboutNewerEngines(kept.map(\.machine))
        if nodes.contains(where: \.isChange) { checkQuorum(nodes) }
        try throwProblems()
        return ClusterPlan(cluster: specification.name, steps: firewall + nodes, warnings: warnings)
    }

    /// All that was found, one a line.
    func throwProblems() throws(RoadsteadError) {
        guard !problems.isEmpty else { return }
        throw RoadsteadError(
            .invalidState, problems.joined(separator: "\n"), context: ["cluster": specification.name])
    }

    /// Each new machine takes the place of a dead one of its role, as long as there are any; of its host before others.
    private mutating func pairReplacements() {
        var dead = roster.surplus.compactMap { machines[$0] }.filter { $0.state == .lost }
        for member in roster.members where member.isNew {
            let sameHost = dead.firstIndex { $0.role == member.role && $0.host != nil && $0.host == member.host?.key }
            guard let index = sameHost ?? dead.firstIndex(where: { $0.role == member.role }) else { continue }
            replaced[member.name] = dead.remove(at: index).name
        }
    }

    func nodeSteps() -> [ClusterPlanStep] {
        let made = roster.members.compactMap(makeStep)
        return made.filter { $0.role == .worker } + made.filter { $0.role == .manager } + promotions() + demotions()
            + removals() + upgrades() + relabels() + unchanged()
    }

    private func makeStep(_ member: ClusterRoster.Member) -> ClusterPlanStep? {
        guard member.isNew else {
            guard let machine = machines[member.name], machine.state.isUnfinished else { return nil }
            return ClusterPlanStep(.machine, member.name, .finish, member.role, note: "its making was begun")
        }
        let dead = replaced[member.name]
        return ClusterPlanStep(
            .machine, member.name, dead.map { .replace($0) } ?? .make, member.role, details: details(of: member))
    }

    private func details(of member: ClusterRoster.Member) -> JSONObject {
        var details: JSONObject = [:]
        details["zone"] = member.zone.map(JSONValue.string)
        if let host = member.host {
            details["host"] = .string(host.key)
        } else {
            details["size"] = .string(specification.size)
            details["disk"] = JSONValue(specification.disk)
            details["image"] = .string(specification.image)
            details["region"] = specification.region.map(JSONValue.string)
        }
        details["driver"] = .string(specification.driver)
        return details
    }

    // MARK: Roles and removals

    /// Machines in both, whose making is over.
    var kept: [(member: ClusterRoster.Member, machine: ClusterMachine)] {
        roster.members.compactMap { member in
            machines[member.name].flatMap { $0.state.isUnfinished ? nil : (member, $0) }
        }
    }

    private func promotions() -> [ClusterPlanStep] {
        kept.filter { $0.member.role == .manager && $0.machine.role == .worker }
            .map { ClusterPlanStep(.machine, $0.member.name, .promote, .manager) }
    }

    /// Those that do not answer first: without them the others need fewer to agree.
    private func demotions() -> [ClusterPlanStep] {
        let changed = kept.filter { $0.member.role == .worker && $0.machine.role == .manager }.map(\.machine)
        let leaving = leavingMachines.filter(\.isVoter)
        let all = changed + leaving
        return (all.filter { !$0.isHealthyVoter } + all.filter(\.isHealthyVoter))
            .map { ClusterPlanStep(.machine, $0.name, .demote, .worker) }
    }

    /// To be removed, and not by a replacement.
    private var leavingMachines: [ClusterMachine] {
        let taken = Set(replaced.values)
        return roster.surplus.filter { !taken.contains($0) }.compactMap { machines[$0] }
    }

    private func removals() -> [ClusterPlanStep] {
        leavingMachines.map { machine in
            let note =
                machine.state == .lost
                ? "it does not answer" : machine.state.isLeaving ? "its removal was begun" : nil
            return ClusterPlanStep(.machine, machine.name, .remove, machine.role, note: note)
        }
    }

    // MARK: Labels

    private func relabels() -> [ClusterPlanStep] {
        kept.compactMap { member, machine in
            let changes = labelChanges(member, machine)
            return changes.isEmpty ? nil : ClusterPlanStep(.machine, member.name, .update(changes), member.role)
        }
    }

    private func labelChanges(_ member: ClusterRoster.Member, _ machine: ClusterMachine) -> [FieldChange] {
        guard let live = machine.labels else { return [] }
        let desired = specification.labels.labels(of: member.name, member.role)
        return Set(desired.keys).union(machine.ownLabels).sorted().compactMap { key in
            guard live[key] != desired[key] else { return nil }
            return FieldChange(
                path: "labels.\(key)", from: live[key].map(JSONValue.string), to: desired[key].map(JSONValue.string))
        }
    }

    private func unchanged() -> [ClusterPlanStep] {
        let changed = Set((promotions() + demotions() + upgrades() + relabels()).map(\.name))
        return kept.filter { !changed.contains($0.member.name) }
            .map { ClusterPlanStep(.machine, $0.member.name, .unchanged, $0.member.role) }
    }

    private mutating func warnAboutDifferences() {
        for (member, machine) in kept where !specification.isGeneric {
            if let size = machine.size, size.lowercased() != specification.size.lowercased() {
                warnings.append(
                    "machine \(member.name) is of size \(size), not \(specification.size), and stays so; only new machines "
                        + "get the new size")
            }
            if let zone = machine.zone, !specification.zones.isEmpty, !specification.zones.contains(zone) {
                warnings.append(
                    "machine \(member.name) is in zone \(zone), which is not among the zones, and stays there")
            }
        }
        for (member, machine) in kept where machine.state == .stopped {
            let how =
                specification.isGeneric
                ? "switch it on where it stands; when it is up, a repair counts on it again"
                : "start it (roadstead machine start \(member.name))"
            warnings.append("machine \(member.name) is stopped; \(how)")
        }
    }
}
