import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// What the steps of clusters do. Each can be done again at any time: things at a cloud are found by the token that stands in
/// the machine's document before the cloud is asked, and hosts and Swarm are looked at first.
struct ClusterActions: StepActions {
    let site: ClusterSite
    let context: JobContext
    /// Those who change the firewall on their way in take turns.
    let firewallLock = KeyedLock<ResourceID>()
    /// One makes the group that keeps managers apart.
    let placementLock = KeyedLock<ResourceID>()

    func intent(of step: GraphStep, _ results: StepResults) async throws -> JSONValue {
        switch Self.kind(of: step) {
        case .machine: ["token": .string(try await site.machine(step.subject ?? "").token)]
        case .network, .firewall, .key: ["token": .string(step.kind)]
        default: .null
        }
    }

    func perform(_ step: GraphStep, intent: JSONValue, _ results: StepResults) async throws -> JSONValue {
        do {
            switch Self.kind(of: step) {
            case .network, .firewall, .key: return try await foundation(Self.kind(of: step))
            case .authority: return try await makeAuthority()
            case .register: return try await register()
            case .unregister: return try await unregister()
            case .verify: return try await verify()
            case .nothingLeft: return try await checkNothingIsLeft()
            case .removeFirewall, .removeKey, .removeNetwork: return try await removeFoundation(Self.kind(of: step))
            case let kind:
                guard let machine = try await machine(of: step) else { return .null }
                return try await telling(machine) { try await perform(kind, on: machine, results) }
            }
        } catch {
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: step.name)
        }
    }

    private func perform(
        _ kind: ClusterSteps.Kind, on machine: MachineDocument, _ results: StepResults
    ) async throws -> JSONValue {
        switch kind {
        case .machine: return try await make(machine)
        case .ssh: return try await arrive(machine)
        case .certificates: return try await issue(machine)
        case .prepare: return try await prepare(machine, seen: results[ClusterSteps.name(.ssh, machine.name)])
        case .initialize: return try await initialize(machine)
        case .joinManager: return try await join(machine, .manager)
        case .joinWorker: return try await join(machine, .worker)
        case .promote: return try await change(machine, to: .manager)
        case .demote: return try await change(machine, to: .worker)
        case .labels: return try await label(machine)
        case .fetch: return try await fetch(machine)
        case .renew: return try await renew(machine)
        case .inspect: return try await inspect(machine, results)
        case .evacuate: return try await evacuate(machine, results)
        case .upgrade: return try await upgrade(machine, results)
        case .activate: return try await activate(machine)
        case .settle: return try await settle(machine, results)
        case .drain: return try await drain(machine)
        case .removeNode: return try await removeNode(machine)
        case .removeMachine: return try await remove(machine)
        default: throw RoadsteadError(.internal, "\(kind.rawValue) is nothing that is done to a machine")
        }
    }

    private static func kind(of step: GraphStep) -> ClusterSteps.Kind {
        ClusterSteps.Kind(rawValue: step.kind) ?? .verify
    }

    /// nil when what is to be removed is: the process ended between the removal and its note in the journal.
    private func machine(of step: GraphStep) async throws -> MachineDocument? {
        do { return try await site.machine(step.subject ?? "") } catch let error as RoadsteadError
            where error.code == .notFound && Self.removing.contains(Self.kind(of: step))
        { return nil }
    }

    private static let removing: Set<ClusterSteps.Kind> = [.drain, .demote, .removeNode, .removeMachine]

    /// What goes wrong with a machine stands in its document until it has come further.
    private func telling(
        _ machine: MachineDocument, _ body: () async throws -> JSONValue
    ) async throws -> JSONValue {
        do { return try await body() } catch {
            try Task.checkCancellation()
            let failure = RoadsteadError.translating(error)
            try await note(machine) { $0["state-message"] = .string(DeploymentHealth.cut(failure.message)) }
            throw failure
        }
    }

    // MARK: - Documents

    /// Changes the machine's document, as long as the job is ours.
    func note(_ machine: MachineDocument, _ change: @escaping @Sendable (inout JSONObject) throws -> Void) async throws
    {
        let id = machine.id
        try await context.write { _ = try $0.modify(id, change) }
    }

    /// Changes the cluster's document, as long as the job is ours.
    func note(_ change: @escaping @Sendable (inout JSONObject) throws -> Void) async throws {
        let id = site.id
        try await context.write { _ = try $0.modify(id, change) }
    }
}
