import DockerAPI
import RemoteHosts
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// An engine changes: its node is emptied, the engine stopped, changed and started, the node given back what it was, and the
/// services are waited for. What the node was stands in its machine's document before it is emptied, and until it is given
/// back: a job that ended in between is gone on with, and a later upgrade takes it up.
extension ClusterActions {
    private var patience: Duration {
        .seconds(site.specification.engine.patience ?? ClusterEngine.usualPatience)
    }

    /// Those that are asked while the machine's engine is stopped; alone it is the only one to ask.
    private func managers(beside machine: MachineDocument) async throws -> [String] {
        let others = try await site.managers(without: machine.name)
        return others.isEmpty ? try await site.managers() : others
    }

    // MARK: - Before

    /// Throws `invalidState` for an older engine than the one that is there.
    func fetch(_ machine: MachineDocument) async throws -> JSONValue {
        let fetched = try await site.hosts.fetchEngine(
            machine.name, try await wishes(for: machine, tls: nil, mtu: nil, isOurs: true))
        if let current = machine.engineVersion, ClusterEngine.isOlder(fetched.engineVersion, than: current) {
            throw RoadsteadError(
                .invalidState,
                "the packages of \(machine.name) have engine \(fetched.engineVersion), older than its \(current): an engine "
                    + "is not taken back; set engine.version to one that is not older")
        }
        return ["needed": .bool(fetched.isNeeded), "version": .string(fetched.engineVersion)]
    }

    /// Made once, and kept beside the old one, which its engine serves with until the new one is installed.
    func renew(_ machine: MachineDocument) async throws -> JSONValue {
        guard machine.stored["next-certificate"] == nil else { return .null }
        let issued = try await certificate(for: machine)
        let key = try ClusterSecrets.seal(issued.key, "next-key", of: machine.id, by: site.store.sealer)
        try await note(machine) { document in
            document["next-certificate"] = .string(issued.certificate)
            document["next-key"] = key
        }
        return ["expiry": .string(issued.expiry.description)]
    }

    /// Whether anything is to be done on the machine: its packages may be the newest already.
    private func isNeeded(_ machine: MachineDocument, _ results: StepResults) -> Bool {
        results[ClusterSteps.name(.fetch, machine.name)]?["needed"] == true || machine.setAside != nil
            || machine.stored["next-certificate"] != nil
    }

    /// What is whole now must be so again afterwards. It is looked at before the node is emptied.
    func inspect(_ machine: MachineDocument, _ results: StepResults) async throws -> JSONValue {
        guard isNeeded(machine, results) else { return .null }
        try await checkManagers(beside: machine)
        let services = try await site.swarm().wholeServices(through: try await managers(beside: machine))
        return ["services": JSONValue(services.sorted())]
    }

    /// While a manager is away all others must agree without it. Throws `invalidState`, naming one that does not answer.
    private func checkManagers(beside machine: MachineDocument) async throws {
        guard machine.role == .manager else { return }
        let others = try await site.store.managers(of: site.id).filter { $0.id != machine.id && $0.nodeID != nil }
        guard !others.isEmpty else { return }
        let nodes = try await site.swarm().nodes(through: try await managers(beside: machine))
        for other in others {
            let node = nodes.first { $0.id == other.nodeID }
            guard node?.status?.state != "ready" || node?.managerStatus?.reachability == "unreachable" else { continue }
            throw RoadsteadError(
                .invalidState,
                "the engine of manager \(machine.name) cannot be changed while manager \(other.name) does not answer: bring "
                    + "it back first, or repair the cluster (roadstead cluster repair \(site.specification.name))")
        }
    }

    /// A node that its people have drained stays so, before and after; one that has nowhere to send its tasks keeps them.
    func evacuate(_ machine: MachineDocument, _ results: StepResults) async throws -> JSONValue {
        guard isNeeded(machine, results), let node = machine.nodeID else { return .null }
        let managers = try await managers(beside: machine)
        if machine.setAside == nil {
            let nodes = try await site.swarm().nodes(through: managers)
            let before = nodes.first { $0.id == node }?.spec.availability ?? "active"
            guard before != "drain" else { return .null }
            guard nodes.contains(where: { $0.id != node && $0.takesTasks }) else {
                return [
                    "warnings": [
                        .string(
                            "\(machine.name) was not drained, as no other node takes tasks: its containers stood still while "
                                + "its engine changed")
                    ]
                ]
            }
            try await note(machine) { $0["set-aside"] = .string(before) }
        }
        let left = try await site.swarm().evacuate(node, limit: patience, through: managers)
        guard left.isEmpty else { throw try await stillHeld(machine, by: left) }
        return .null
    }

    /// Nothing was changed on the node, so it takes tasks again.
    private func stillHeld(_ machine: MachineDocument, by services: [String]) async throws -> RoadsteadError {
        _ = try await activate(try await site.machine(machine.name))
        return RoadsteadError(
            .invalidState,
            "\(machine.name) was not empty after \(patience.components.seconds) s: tasks of \(services.joined(separator: ", ")) "
                + "have not ended; it takes tasks again, and its engine is as it was. Give them longer (engine.patience), or "
                + "stop them, and upgrade again")
    }

    // MARK: - The change

    func upgrade(_ machine: MachineDocument, _ results: StepResults) async throws -> JSONValue {
        guard isNeeded(machine, results) else { return ["skipped": "its packages are the newest already"] }
        try await checkManagers(beside: machine)
        let isOfPackages = results[ClusterSteps.name(.fetch, machine.name)]?["needed"] == true
        let wishes = try await wishes(for: machine, tls: try await tls(of: machine), mtu: nil, isOurs: true)
        let facts = try await naming(machine) {
            let facts = try await site.hosts.changeEngine(machine.name, wishes, isOfPackages: isOfPackages)
            if isOfPackages { try checkEngine(facts, on: machine) }
            return facts
        }
        try await unlock(machine)
        try await becomeChanged(machine, facts)
        if let node = machine.nodeID {
            try await naming(machine) {
                try await site.swarm().verify(
                    [ExpectedNode(machine.name, node, machine.role)], through: try await managers(beside: machine))
            }
        }
        return ["engine": facts.engine.map { .string($0.version) } ?? .null]
    }

    /// The certificate that is to be there from now on.
    private func tls(of machine: MachineDocument) async throws -> EngineWishes.TLS {
        let isNew = machine.stored["next-certificate"] != nil
        guard let certificate = machine.stored[isNew ? "next-certificate" : "engine-certificate"]?.stringValue,
            let key = try site.store.opened(isNew ? "next-key" : "engine-key", of: machine.stored),
            let authority = try await site.document().authority
        else { throw RoadsteadError(.internal, "machine \(machine.name) has no certificate for its engine") }
        return EngineWishes.TLS(authority: authority, certificate: certificate, key: key)
    }

    /// A manager of a Swarm that is locked waits for its key at each start.
    private func unlock(_ machine: MachineDocument) async throws {
        guard machine.role == .manager, let address = machine.address,
            let key = try site.store.opened(ClusterSecrets.autolockKey, of: try await site.document().stored)
        else { return }
        try await site.swarm().unlock(address, key: key)
    }

    private func becomeChanged(_ machine: MachineDocument, _ facts: HostFacts) async throws {
        var sealed: JSONValue?
        if let key = try site.store.opened("next-key", of: machine.stored) {
            sealed = try ClusterSecrets.seal(key, "engine-key", of: machine.id, by: site.store.sealer)
        }
        let (certificate, key) = (machine.stored["next-certificate"]?.stringValue, sealed)
        let expiry = try certificate.map { try IssuedCertificate(certificate: $0, key: Redacted("")).expiry }
        try await note(machine) { document in
            document["engine-version"] = facts.engine.map { .string($0.version) } ?? document["engine-version"]
            document["engine-packages"] =
                Self.packages(facts).map { .string($0.rawValue) } ?? document["engine-packages"]
            MachineDocument.become(.running, &document)
            guard let certificate, let key, let expiry else { return }
            document["engine-certificate"] = .string(certificate)
            document["engine-key"] = key
            document["certificate-expiry"] = .string(expiry.description)
            document["next-certificate"] = nil
            document["next-key"] = nil
        }
    }

    /// What goes wrong leaves the node drained: that is said along with it.
    private func naming<Value>(_ machine: MachineDocument, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch {
            try Task.checkCancellation()
            var failure = RoadsteadError.translating(error)
            if machine.setAside != nil {
                failure.message +=
                    "; \(machine.name) stays drained until its engine is as it should be: mend it, and upgrade again"
            }
            throw failure
        }
    }

    // MARK: - Afterwards

    /// The node is what it was before Roadstead drained it.
    func activate(_ machine: MachineDocument) async throws -> JSONValue {
        guard let before = machine.setAside else { return .null }
        if let node = machine.nodeID {
            try await site.swarm().setAvailability(node, before, through: try await site.managers())
        }
        try await note(machine) { $0["set-aside"] = nil }
        return ["availability": .string(before)]
    }

    /// The next node is not touched before what was whole is so again.
    func settle(_ machine: MachineDocument, _ results: StepResults) async throws -> JSONValue {
        let inspected = results[ClusterSteps.name(.inspect, machine.name)]?["services"]?.arrayValue ?? []
        let services = Set(inspected.compactMap(\.stringValue))
        guard !services.isEmpty else { return .null }
        let broken = try await site.swarm().awaitWhole(services, limit: patience, through: try await site.managers())
        guard broken.isEmpty else {
            throw RoadsteadError(
                .invalidState,
                "after the engine of \(machine.name) was changed, \(broken.joined(separator: ", ")) did not run in full again "
                    + "within \(patience.components.seconds) s: no other node was touched since; look at them "
                    + "(docker service ps), and upgrade again")
        }
        return .null
    }
}

extension SwarmNode {
    fileprivate var takesTasks: Bool { spec.availability == "active" && status?.state == "ready" }
}
