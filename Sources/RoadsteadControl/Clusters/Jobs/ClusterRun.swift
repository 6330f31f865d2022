import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// One run of a cluster's job.
struct ClusterRun: Sendable {
    let context: JobContext
    let operation: ClusterOperation
    let cluster: ClusterDocument
    let site: ClusterSite
    /// What is asked of one machine, where the operation is that.
    var change: MachineChange.Order?

    func run() async throws -> JobOutcome {
        switch operation {
        case .create: try await create()
        case .undo, .terminate: try await remove()
        default: try await apply()
        }
    }

    private var name: String { site.specification.name }

    private var journal: JobStepJournal {
        JobStepJournal(context, owner: site.id, graph: change?.graph ?? operation.rawValue)
    }

    private func drive(_ graph: StepGraph) async throws -> StepResults {
        let runner = StepGraphRunner(
            graph, actions: ClusterActions(site: site, context: context), journal: journal, options: site.tools.steps,
            clock: context.clock)
        let outcome = try await runner.run()
        try outcome.requireComplete()
        return outcome.results
    }

    // MARK: - Create

    private func create() async throws -> JobOutcome {
        try await ClusterPreflight(site: site).check()
        let roster = try await writeDown()
        let results = try await drive(try ClusterSteps.create(site.specification, roster))
        try await journal.clear()
        let count = roster.members.count
        return .succeeded(
            message: Self.message(
                "cluster \(name) is ready: \(count) \(count == 1 ? "node" : "nodes"), \(roster.managers.count) of them "
                    + (roster.managers.count == 1 ? "manager" : "managers"), results))
    }

    /// The machines that the specification asks for, each written down before anybody is asked for it. What an earlier
    /// attempt made and the specification asks for no more is removed first.
    private func writeDown() async throws -> ClusterRoster {
        let machines = try await site.store.machines(of: site.id)
        let roster = ClusterRoster.make(site.specification, machines: machines.map(\.asWritten))
        let actions = ClusterActions(site: site, context: context)
        for machine in machines where roster.surplus.contains(machine.name) {
            // The journal first: what is removed and still noted as done would be taken for the next of that name.
            try await journal.forget(subject: machine.name)
            _ = try await actions.remove(machine)
        }
        try await add(roster.members.filter(\.isNew))
        return roster
    }

    private func add(_ members: [ClusterRoster.Member]) async throws {
        let (id, specification) = (site.id, site.specification)
        try await context.write { transaction in
            let cluster = try transaction.get(id)
            if let other = try HostClaims.other(members.compactMap(\.host), than: id, in: transaction) {
                throw HostClaims.conflict(other, of: nil)
            }
            let known = KnownHostKeys(try transaction.machines(of: id), ClusterDocument(cluster).leftHosts)
            for member in members {
                var draft = MachineDocument.draft(
                    member, of: cluster, specification, identifier: transaction.ids.makeUUID())
                known.pin(member.host, in: &draft)
                try transaction.insertMachine(draft, of: id)
            }
        }
    }

    // MARK: - Apply

    /// The plan is made once in the life of the job: a run that is resumed goes on with the steps that it was made of.
    private func apply() async throws -> JobOutcome {
        let planned = try await context.recordedStep("plan") {
            let findings = try await ClusterSurvey(site: site).look()
            let plan = try plan(findings.facts)
            try await ClusterPreflight(site: site).check(plan)
            try await writeDown(plan, findings.facts)
            try await context.describe("plan", plan.summary)
            return ["summary": .string(plan.summary), "graph": try ClusterSteps.apply(plan).json]
        }
        let results = try await drive(try StepGraph(json: planned["graph"] ?? .null, limits: ClusterSteps.limits))
        try await ClusterActions(site: site, context: context).renewCredential()
        try await journal.clear()
        return .succeeded(message: Self.message(planned["summary"]?.stringValue ?? "", results))
    }

    /// New machines, and what was found out about those that are there.
    private func writeDown(_ plan: ClusterPlan, _ facts: ClusterFacts) async throws {
        let roster = ClusterRoster.make(site.specification, machines: facts.machines)
        let made = Set(plan.steps.filter(\.makesMachine).map(\.name))
        try await add(roster.members.filter { $0.isNew && made.contains($0.name) })
        let found = Dictionary(facts.machines.map { ($0.name, $0) }) { first, _ in first }
        let id = site.id
        try await context.write { transaction in
            for machine in try transaction.machines(of: id) {
                guard let now = found[machine.name], now.role != machine.role || now.state != machine.state else {
                    continue
                }
                try transaction.modify(machine.id) { document in
                    document["role"] = .string(now.role.rawValue)
                    MachineDocument.become(now.state, &document)
                }
            }
        }
    }

    private func plan(_ facts: ClusterFacts) throws(RoadsteadError) -> ClusterPlan {
        if let change { return try change.plan(site.specification, facts) }
        guard operation == .upgrade else { return try ClusterPlan.make(site.specification, facts) }
        return try ClusterPlan.upgrade(site.specification, facts)
    }

    // MARK: - Undo, terminate

    /// By the documents, and by the tags at the cloud: whatever was made is found, whichever operation it was made by.
    private func remove() async throws -> JobOutcome {
        // Managers that answer let the others go in good order.
        do { _ = try await ClusterUnlocking(site: site).run(waits: false) } catch { try Task.checkCancellation() }
        let machines = try await site.store.machines(of: site.id)
        let graph = try ClusterSteps.terminate(site.specification, machines: machines.map(\.asWritten))
        let results = try await drive(graph)
        try await journal.clear()
        let end = operation == .undo ? "nothing of cluster \(name) is left" : "cluster \(name) is terminated"
        return .succeeded(message: Self.message(end, results))
    }

    /// With what steps have said that people should know.
    private static func message(_ text: String, _ results: StepResults) -> String {
        let warnings = results.values.sorted { $0.key < $1.key }.flatMap { _, result in
            (result["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? [])
                + [result["left"]?.stringValue].compactMap(\.self)
        }
        return ([text] + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }
}
