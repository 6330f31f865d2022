import DockerAPI
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore

/// What a cluster is at this moment: its documents, held against what the Swarm and the driver say.
struct ClusterSurvey {
    let site: ClusterSite

    struct Findings: Sendable {
        var facts: ClusterFacts
        /// All that the driver lists, machines included.
        var resources: [CloudResource]
        var warnings: [String]
    }

    /// Changes nothing, but that managers which wait for their Swarm's key get it. Throws `unavailable` when no manager answers,
    /// and what the driver throws.
    func look() async throws -> Findings {
        let unlocking = try await ClusterUnlocking(site: site).run()
        let machines = try await site.store.machines(of: site.id)
        let authority = try await site.document().authority
        let nodes = try await nodes(machines)
        let resources = try await self.resources()
        var seen = machines.map { document in
            var machine = found(document, nodes, resources)
            machine.certificateFault = authority.flatMap { EngineCertificate.fault(document, of: $0, site.clock.now) }
            return machine
        }
        try await lookAtStopped(machines, &seen)
        let facts = ClusterFacts(machines: seen, firewall: try await firewall(resources ?? []))
        let left = try await site.document().leftHosts.map(\.warning)
        return Findings(
            facts: facts, resources: resources ?? [], warnings: warnings + unlocking.warnings + left)
    }

    /// Hosts that we have shut down: the Swarm takes up to a minute to notice, and nobody tells when one is up again.
    private func lookAtStopped(_ machines: [MachineDocument], _ seen: inout [ClusterMachine]) async throws {
        for (index, machine) in machines.enumerated()
        where machine.isGeneric && machine.state == .stopped && seen[index].state == .running {
            if await !site.hosts.answers(machine.name) { seen[index].state = .stopped }
            try Task.checkCancellation()
        }
    }

    /// nil while there is no Swarm.
    private func nodes(_ machines: [MachineDocument]) async throws -> [SwarmNode]? {
        let managers = try await site.managers()
        return managers.isEmpty ? nil : try await site.swarm().nodes(through: managers)
    }

    /// nil without a driver.
    func resources() async throws -> [CloudResource]? {
        guard let driver = site.driver else { return nil }
        do { return try await driver.resources(of: site.id.identifier) } catch {
            throw RoadsteadError(error, doing: "list what driver \(driver.name) made")
        }
    }

    /// A firewall that the driver cannot make is not missed.
    private func firewall(_ resources: [CloudResource]) async throws -> ClusterFirewall? {
        guard let driver = site.driver else { return nil }
        guard driver.features.contains(.firewall) else { return ClusterFirewall(site.specification) }
        guard let live = resources.first(where: { $0.reference.kind == .firewall && $0.state != .removing }) else {
            return nil
        }
        return try await site.doors().firewall(live.rules)
    }

    private var warnings: [String] {
        guard let driver = site.driver, !driver.features.contains(.firewall) else { return [] }
        return ["driver \(driver.name) has no firewalls: ports, engine-access and ssh-access change nothing"]
    }

    private func found(
        _ document: MachineDocument, _ nodes: [SwarmNode]?, _ resources: [CloudResource]?
    ) -> ClusterMachine {
        var machine = document.asWritten
        let node = document.nodeID.flatMap { id in nodes?.first { $0.id == id } }
        machine.state = Self.state(document, node, isSwarmKnown: nodes != nil, Self.resource(of: document, resources))
        machine.role = node?.spec.role.flatMap(MachineRole.init(rawValue:)) ?? machine.role
        machine.labels = node.map { $0.spec.labels ?? [:] }
        machine.isLeader = node?.managerStatus?.leader ?? false
        machine.engineVersion = node?.description?.engine?.engineVersion
        return machine
    }

    /// nil where nobody can say; a machine that is gone is `.removing`.
    private static func resource(
        of document: MachineDocument, _ resources: [CloudResource]?
    ) -> CloudResource.State? {
        guard let resources else { return nil }
        let found = resources.first { $0.reference.id == document.providerID || $0.tag?.token == document.token }
        return found?.state ?? .removing
    }

    /// What is unfinished, or on its way out, is what the document says: a job of ours is, or was, at work on it.
    static func state(
        _ document: MachineDocument, _ node: SwarmNode?, isSwarmKnown: Bool, _ resource: CloudResource.State?
    ) -> MachineState {
        guard !document.state.isUnfinished, !document.state.isLeaving else { return document.state }
        switch resource {
        case .removing, .failed: return .lost
        case .stopped: return .stopped
        case .pending, .ready, nil: break
        }
        guard isSwarmKnown else { return document.state }
        if node?.status?.state == "ready" { return .running }
        // Somebody wanted it so: it is no loss.
        return document.state == .stopped ? .stopped : .lost
    }
}
