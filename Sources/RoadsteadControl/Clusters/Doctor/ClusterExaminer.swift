import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Gathers what a doctor judges by: everything at the same time, and nothing longer than it may take, whatever hosts do.
struct ClusterExaminer {
    let site: ClusterSite

    /// First machines, engines and Swarm are asked; what is tried between machines needs to know which of them answer.
    /// Together they are under a minute.
    static let first = Duration.seconds(25)
    static let second = Duration.seconds(31)

    func look() async throws -> DoctorFacts {
        let documents = try await site.store.machines(of: site.id).filter { $0.state.mayExist && !$0.state.isLeaving }
            .sorted { $0.name < $1.name }
        let authority = try await site.document().authority
        async let machines = machines(documents, authority: authority)
        async let nodes = nodes()
        async let swarm = swarm()
        var facts = DoctorFacts(now: site.clock.now, specification: site.specification, machines: try await machines)
        (facts.nodes, facts.swarm) = (try await nodes, try await swarm)
        let entered = Set(facts.machines.filter { $0.host.value != nil }.map(\.name))
        let living = documents.filter { entered.contains($0.name) && $0.nodeID != nil }
        let isSwarmKnown = facts.nodes.value != nil
        // Others are given no containers.
        let active = Set(
            facts.nodes.value?.filter { $0.state == "ready" && $0.availability == "active" }.map(\.id) ?? [])
        async let ways = ways(living)
        async let overlay = overlay(living, active: active)
        async let drift = drift(isSwarmKnown: isSwarmKnown)
        (facts.ways, facts.overlay, facts.drift) = (try await ways, try await overlay, try await drift)
        return facts
    }

    // MARK: - One by one

    private func machines(_ documents: [MachineDocument], authority: String?) async throws -> [DoctorMachine] {
        try await withThrowingTaskGroup(of: (Int, DoctorMachine).self) { group in
            for (index, document) in documents.enumerated() {
                group.addTask { (index, try await machine(document, authority: authority)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func machine(_ document: MachineDocument, authority: String?) async throws -> DoctorMachine {
        let site = site
        async let host = look(Self.first) { try await site.hosts.examine(document.name, authority: authority) }
        async let engine = engine(document)
        return DoctorMachine(
            document.name, document.role, zone: document.zone, nodeID: document.nodeID, host: try await host,
            engine: try await engine)
    }

    private func engine(_ document: MachineDocument) async throws -> DoctorLook<String> {
        guard let address = document.address else { return .failed("it has no address yet") }
        let site = site
        return try await look(.seconds(15)) { try await site.swarm().version(address) }
    }

    // MARK: - The Swarm

    private func nodes() async throws -> DoctorLook<[DoctorNode]> {
        let (site, managers) = (site, try await site.managers())
        guard !managers.isEmpty else { return .failed("the cluster has no manager that could be asked") }
        return try await look(Self.first) { try await site.swarm().nodes(through: managers).map { DoctorNode($0) } }
    }

    private func swarm() async throws -> DoctorLook<DoctorSwarm> {
        let (site, managers) = (site, try await site.managers())
        guard !managers.isEmpty else { return .skipped("the cluster has no manager that could be asked") }
        return try await look(Self.first) { try await site.swarm().examine(through: managers) }
    }

    private func drift(isSwarmKnown: Bool) async throws -> DoctorLook<[String]> {
        guard isSwarmKnown else { return .skipped("no manager answers, who would tell") }
        let site = site
        return try await look(Self.second) {
            let findings = try await ClusterSurvey(site: site).look()
            let plan = try ClusterPlan.make(site.specification, findings.facts)
            return plan.steps.filter(\.isChange).map { $0.lines().joined(separator: " ") }
        }
    }

    // MARK: - Between machines

    private func ways(_ machines: [MachineDocument]) async throws -> DoctorLook<DoctorWays> {
        let places = machines.compactMap { machine in
            machine.inwardAddress.map { NodePlace(machine.name, $0, machine.role) }
        }
        guard !places.isEmpty else { return .skipped("no machine could be entered") }
        guard places.count > 1 else { return .seen(DoctorWays()) }
        let site = site
        return try await look(Self.second) { try await site.hosts.ways(places) }
    }

    private func overlay(
        _ machines: [MachineDocument], active: Set<String>
    ) async throws -> DoctorLook<DoctorOverlay> {
        let documents = try await site.store.machines(of: site.id)
        guard documents.count > 1 else { return .skipped("there are no two machines to carry anything between") }
        let ready = machines.filter { machine in machine.nodeID.map(active.contains) ?? false }
        guard let manager = machines.first(where: { $0.role == .manager }), ready.count > 1 else {
            return .failed("\(ready.count) of \(documents.count) machines could be entered and take tasks")
        }
        let (site, names) = (site, ready.map(\.name))
        return try await look(Self.second) { try await site.hosts.tryOverlay(of: names, at: manager.name) }
    }

    // MARK: - Within its time

    /// What goes on after the limit is cancelled, and not waited for: ssh and engines that do not answer hold up nobody.
    private func look<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> DoctorLook<Value> {
        let (outcomes, continuation) = AsyncStream.makeStream(of: DoctorLook<Value>.self)
        let clock = site.clock
        // Two tasks of their own, since those of a group would be waited for.
        let work = Task {
            do { continuation.yield(.seen(try await body())) } catch {
                continuation.yield(.failed(RoadsteadError.translating(error).message))
            }
        }
        let timer = Task {
            try await clock.sleep(for: limit)
            continuation.yield(.failed("it took longer than \(limit.components.seconds) s"))
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        for await outcome in outcomes { return outcome }
        throw CancellationError()
    }
}

extension ClusterRules {
    /// Looks at the cluster as it is, held against what was applied last. At most a minute.
    func examine(_ cluster: ClusterDocument, in scope: RequestScope) async throws -> JSONValue {
        guard offers("doctor", on: cluster.stored.body) else {
            throw RoadsteadError(
                .invalidState, "\(cluster.id) has no Swarm to look at: it is \(cluster.state.rawValue)",
                context: ["resource-id": cluster.id.description])
        }
        let facts = try await site(cluster, try cluster.standing(), in: scope) { site in
            try await ClusterExaminer(site: site).look()
        }
        let findings = ClusterDoctor.examine(facts)
        return [
            "cluster": .string(cluster.id.description),
            "verdict": .string(ClusterDoctor.verdict(of: findings).rawValue),
            "findings": .array(findings.map(\.json)),
        ]
    }
}
