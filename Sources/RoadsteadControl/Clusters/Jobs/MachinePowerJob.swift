import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `start_machine`, `stop_machine`, `restart_machine`, `kill_machine`: gives the order and waits until it is carried out.
struct MachinePowerJob: JobHandler {
    let action: String
    let maximumAttempts = 1

    private let order: PowerOrder
    private let tools: ClusterTools

    init(_ order: PowerOrder, tools: ClusterTools) {
        (self.order, self.tools) = (order, tools)
        action = order.jobAction
    }

    func run(_ context: JobContext) async throws -> JobOutcome {
        let machine = MachineDocument(try await context.documents.get(context.target))
        guard let id = machine.cluster else {
            throw RoadsteadError(.invalidState, "machine \(machine.name) belongs to no cluster any more")
        }
        let cluster = ClusterDocument(try await context.documents.get(id))
        let notes: [String]
        do {
            notes = try await ClusterSite.with(
                cluster, try cluster.specification(), tools: tools, store: context.documents, clock: context.clock,
                logger: context.logger
            ) { site in
                let before = try await bootID(machine, site, context)
                try await context.step(order.rawValue) { try await give(to: machine, site) }
                guard order.result == .running else { return [] }
                return try await context.observe("wait") {
                    try await MachineReturn(site: site, machine: machine, before: before).wait()
                }
            }
        } catch {
            if error is CancellationError || error is JobInterruption { throw error }
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: "\(order.rawValue) machine \(machine.name)")
        }
        let end = "machine \(machine.name) is \(order.result == .running ? "up" : "down")"
        return .succeeded(message: ([end] + notes.map { "warning: \($0)" }).joined(separator: "\n"))
    }

    /// By which a system that has not gone down yet is told from one that is up again; nil where the driver tells.
    private func bootID(
        _ machine: MachineDocument, _ site: ClusterSite, _ context: JobContext
    ) async throws -> String? {
        guard order == .restart, !PowerOrder.isDriven(by: site.driver) else { return nil }
        return try await context.recordedStep("look") {
            .string(try await site.hosts.bootID(machine.name))
        }.stringValue
    }

    private func give(to machine: MachineDocument, _ site: ClusterSite) async throws {
        guard let driver = site.driver, PowerOrder.isDriven(by: driver), let id = machine.providerID else {
            return try await site.hosts.power(machine.name, order)
        }
        let reference = CloudReference(.machine, id)
        try await driver.power(order, machine: reference)
        let wanted: CloudResource.State = order.result == .running ? .ready : .stopped
        let patience = site.tools.patience
        let end = patience.clock.now + patience.limit
        while try await driver.resource(reference)?.state != wanted {
            guard patience.clock.now < end else {
                throw RoadsteadError(.timeout, "\(driver.name) has not carried out the \(order.rawValue) yet")
            }
            try await patience.clock.sleep(for: patience.poll)
        }
    }

    func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        guard let id = job["target-resource"]?["href"]?.stringValue.flatMap({ ResourceID($0) }),
            try transaction.find(id) != nil
        else { return }
        let isDone = end.state == .success
        let machine = try transaction.modify(id) { document in
            document["state-message"] = isDone ? .none : .string(DeploymentHealth.cut(end.message))
            if isDone { MachineDocument.become(order.result, &document) }
        }
        var event = EventDraft(
            .state, verb: "state", on: machine.body, type: "machine", by: .system)
        event.text =
            "\(order.rawValue) of machine \(machine["name"]?.stringValue ?? "") \(isDone ? "is done" : "failed")"
        event.isSuccess = isDone
        event.state = machine["state"]?.stringValue
        event.linked = [job.id]
        try transaction.record(event)
    }
}
