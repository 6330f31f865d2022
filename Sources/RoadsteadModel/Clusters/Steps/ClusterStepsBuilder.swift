import RoadsteadBasics

/// Collects the steps of a graph of `ClusterSteps`.
struct ClusterStepsBuilder {
    private var steps: [GraphStep] = []

    init() {}

    mutating func add(_ kind: ClusterSteps.Kind, _ machine: String? = nil, after dependencies: Set<String> = []) {
        steps.append(
            GraphStep(
                ClusterSteps.name(kind, machine), kind: kind.rawValue, subject: machine, after: dependencies))
    }

    func graph() throws(RoadsteadError) -> StepGraph {
        try StepGraph(steps, limits: ClusterSteps.limits)
    }

    func names(_ kinds: ClusterSteps.Kind...) -> Set<String> {
        Set(steps.filter { step in kinds.contains { $0.rawValue == step.kind } }.map(\.name))
    }

    /// What machines are put into at a cloud; hosts that exist need none of it. Gives the names of the steps.
    mutating func foundation(_ specification: ClusterSpecification) -> Set<String> {
        guard !specification.isGeneric else { return [] }
        let hasNetwork = specification.network.range != nil
        if hasNetwork { add(.network) }
        add(.firewall, after: hasNetwork ? [ClusterSteps.name(.network)] : [])
        add(.key)
        return names(.network, .firewall, .key)
    }

    /// From nothing to a host whose engine runs.
    mutating func make(_ machine: String, after dependencies: Set<String>) {
        add(.machine, machine, after: dependencies)
        add(.ssh, machine, after: [ClusterSteps.name(.machine, machine)])
        let authority = names(.authority)
        add(.certificates, machine, after: authority.union([ClusterSteps.name(.ssh, machine)]))
        add(.prepare, machine, after: [ClusterSteps.name(.certificates, machine)])
    }

    mutating func join(_ machine: String, _ role: MachineRole, after dependencies: Set<String>) {
        add(ClusterSteps.join(role), machine, after: dependencies.union([ClusterSteps.name(.prepare, machine)]))
    }
}

// MARK: - Plans

extension ClusterStepsBuilder {
    mutating func apply(_ plan: ClusterPlan) {
        let changes = plan.steps.filter(\.isChange)
        if changes.contains(where: { $0.kind == .firewall }) { add(.firewall) }
        let firewall = names(.firewall)
        for step in changes where step.makesMachine { make(step.name, after: firewall) }
        for step in changes where step.makesMachine && step.role == .worker { join(step.name, .worker, after: []) }
        changeManagers(changes)
        remove(changes)
        let settled = Set(steps.map(\.name))
        upgrade(changes, after: settled)
        label(changes)
        if !steps.isEmpty { add(.verify, after: Set(steps.map(\.name))) }
    }

    /// One chain, begun when all machines of it are prepared.
    private mutating func changeManagers(_ changes: [ClusterPlanStep]) {
        var last = Set(
            changes.filter { $0.makesMachine && $0.role == .manager }.map { ClusterSteps.name(.prepare, $0.name) })
        for step in changes {
            switch step.action {
            case .make, .finish, .replace:
                guard step.role == .manager else { continue }
                if case .replace(let dead) = step.action { chain(.demote, dead, &last) }
                chain(.joinManager, step.name, &last)
            case .promote: chain(.promote, step.name, &last)
            case .demote: chain(.demote, step.name, &last)
            case .update, .upgrade, .unchanged, .remove: continue
            }
        }
    }

    mutating func chain(_ kind: ClusterSteps.Kind, _ machine: String, _ last: inout Set<String>) {
        add(kind, machine, after: last)
        last = [ClusterSteps.name(kind, machine)]
    }

    /// Only a worker leaves, and only when all managers that come have come.
    private mutating func remove(_ changes: [ClusterPlanStep]) {
        let settled = names(.joinManager, .joinWorker, .promote, .demote)
        let leaving = changes.compactMap { step -> String? in
            if case .replace(let dead) = step.action { return dead }
            return step.action == .remove ? step.name : nil
        }
        for machine in leaving {
            add(.drain, machine, after: settled)
            add(.removeNode, machine, after: [ClusterSteps.name(.drain, machine)])
            add(.removeMachine, machine, after: [ClusterSteps.name(.removeNode, machine)])
        }
    }

    private mutating func label(_ changes: [ClusterPlanStep]) {
        for step in changes where step.makesMachine {
            add(.labels, step.name, after: [ClusterSteps.name(ClusterSteps.join(step.role ?? .worker), step.name)])
        }
        for step in changes where step.kind == .machine {
            guard case .update = step.action else { continue }
            add(.labels, step.name)
        }
    }
}
