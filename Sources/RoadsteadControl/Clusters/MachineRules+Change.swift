import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension MachineRules {
    /// The plan is made first, so that what cannot be done is refused before anything is changed; then the cluster's state, for
    /// a removal its specification and the machine's state, and the job, in one transaction.
    func launch(
        _ change: MachineChange, _ machine: MachineDocument, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let cluster = try await cluster(of: machine, in: scope)
        let launch = MachineChangeLaunch(
            change: change, machine: machine, cluster: cluster.id, requester: scope.requester,
            draft: JobDraft(
                change.jobAction, on: cluster.id, by: scope.requester, payload: ["machine": .string(machine.name)],
                of: machine.stored.body))
        try await check(launch, cluster, in: scope)
        let job = try await scope.store.write { try launch.run(in: $0) }
        return .operation(.accepted(change.jobAction, machine.id.description, job: job.description))
    }

    private func check(
        _ launch: MachineChangeLaunch, _ cluster: ClusterDocument, in scope: RequestScope
    ) async throws {
        _ = try cluster.state.beginning(launch.change.operation)
        var specification = try launch.change == .remove ? cluster.standing() : cluster.upgraded()
        try await ClusterAdmission(scope: scope, tools: tools).check(specification)
        if launch.change == .remove, launch.isLowering {
            specification = try specification.without(launch.machine.asWritten)
        }
        let order = MachineChange.Order(change: launch.change, machine: launch.machine.name)
        _ = try await ClusterRules(tools: tools).site(cluster, specification, in: scope) { site in
            var facts = try await ClusterSurvey(site: site).look().facts
            if launch.change == .remove { facts.leave(launch.machine.name) }
            return try order.plan(specification, facts)
        }
    }
}

extension ClusterFacts {
    fileprivate mutating func leave(_ machine: String) {
        for index in machines.indices where machines[index].name == machine { machines[index].state = .draining }
    }
}

/// A change of one machine that begins, within the transaction that decides whether it may.
struct MachineChangeLaunch: Sendable {
    let change: MachineChange
    let machine: MachineDocument
    let cluster: ResourceID
    let requester: Requester
    var draft: JobDraft

    /// A removal that is gone on with has lowered the numbers when it was first asked for.
    var isLowering: Bool { change == .remove && !machine.state.isLeaving }

    func run(in transaction: StoreTransaction) throws -> ResourceID {
        let current = ClusterDocument(try transaction.get(cluster))
        let next = try current.state.beginning(change.operation)
        if let other = try transaction.unfinishedJobs(target: machine.id).first {
            throw RoadsteadError(
                .conflict, "\(other.id) (\(other.action)) is at work on machine \(machine.name); wait for it",
                context: ["job": other.id.description])
        }
        try JobStepJournal.clear(of: cluster, except: nil, in: transaction)
        let leaver = machine.asWritten
        try transaction.modify(cluster) { document in
            document["state"] = .string(next.rawValue)
            document["updated-by"] = .string(requester.author)
            guard isLowering else { return }
            for attribute in ["specification", "applied"] {
                guard let json = document[attribute] else { continue }
                document[attribute] = .object(try ClusterSpecification(json: json).without(leaver).json)
            }
        }
        if isLowering { try transaction.modify(machine.id) { MachineDocument.become(.draining, &$0) } }
        try transaction.record(
            EventDraft(.action, verb: change.rawValue, on: machine.stored.body, type: "machine", by: requester))
        var draft = draft
        draft.affected = [machine.id]
        return try transaction.enqueue(draft).id
    }
}
