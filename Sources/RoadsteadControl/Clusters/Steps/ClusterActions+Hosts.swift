import DockerAPI
import RemoteHosts
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// On the machines.
extension ClusterActions {
    /// Enters the machine for the first time, keeps the keys that it is known by, and refuses a host that does not suit
    /// before anything is changed on it.
    func arrive(_ machine: MachineDocument) async throws -> JSONValue {
        let (arrival, left) = try await enter(machine)
        let facts = arrival.facts
        let isOurs = try await isNode(facts)
        let wishes = try await wishes(for: machine, tls: nil, mtu: nil, isOurs: isOurs)
        let warnings =
            try left
            + ClusterFindings.check(
                facts, wishes: wishes, engine: site.specification.engine, machine: machine.name)
        try await letIn(seenFrom: arrival.seenFrom)
        let inward = Self.inwardAddress(
            known: machine.stored["private-address"]?.stringValue, address: machine.address, facts)
        try await note(arrival, at: inward, of: machine)
        var result: JSONObject = ["system": Self.system(facts).map(JSONValue.string) ?? .null]
        result["mtu"] = facts.mtu.map { JSONValue($0) }
        if isOurs { result["ours"] = true }
        if !warnings.isEmpty { result["warnings"] = JSONValue(warnings) }
        return .object(result)
    }

    /// A host that did not answer when it was taken out of this cluster, and is taken in again, gives up its old place first:
    /// the engine still takes the cluster's own certificates, which nobody else's does.
    private func enter(_ machine: MachineDocument) async throws -> (MachineArrival, warnings: [String]) {
        let arrival = try await site.hosts.arrive(machine.name, isFresh: !machine.isGeneric)
        let cluster = try await site.document()
        guard let host = machine.hostKey, let left = cluster.leftHosts.first(where: { $0.host == host }),
            let authority = cluster.authority, arrival.facts.takesClients(of: authority),
            let engine = arrival.facts.engine, engine.swarmState != "inactive"
        else { return (arrival, []) }
        try await site.hosts.release(machine.name, node: left.node)
        return (
            try await site.hosts.arrive(machine.name, isFresh: false),
            ["host \(host) still took itself for machine \(left.machine): it has given up that place, and its tasks"]
        )
    }

    /// Throws `invalidState` for a host that is another machine already, under another name.
    private func note(_ arrival: MachineArrival, at inward: String?, of machine: MachineDocument) async throws {
        let (facts, cluster) = (arrival.facts, site.id)
        try await context.write { transaction in
            if let twin = try HostClaims.twin(
                of: machine, id: facts.machineID, addresses: facts.addresses, in: transaction)
            {
                throw HostClaims.twins(machine, twin)
            }
            try transaction.modify(machine.id) { document in
                document["host-keys"] = JSONValue(arrival.hostKeys)
                if !arrival.jumpKeys.isEmpty, var jump = document["jump"]?.objectValue {
                    jump["host-keys"] = JSONValue(arrival.jumpKeys)
                    document["jump"] = .object(jump)
                }
                document["private-address"] = inward.map(JSONValue.string)
                document["system"] = Self.system(facts).map(JSONValue.string)
                document["machine-id"] = facts.machineID.map(JSONValue.string)
                document["addresses"] = facts.addresses.isEmpty ? .none : JSONValue(facts.addresses)
                MachineDocument.become(.preparing, &document)
            }
            guard let host = machine.hostKey else { return }
            try transaction.modify(cluster) { ClusterDocument.forgetLeft(host, in: &$0) }
        }
    }

    /// Whether the host is in our Swarm already: an earlier job let it join and ended before it knew. It may run containers by
    /// now. Of workers only the Swarm itself can tell.
    private func isNode(_ facts: HostFacts) async throws -> Bool {
        guard let node = facts.engine?.nodeID, try await site.document().swarmID != nil else { return false }
        return try await site.swarm().nodes(through: try await site.managers()).contains { $0.id == node }
    }

    private static func system(_ facts: HostFacts) -> String? {
        facts.distribution.map { [$0, facts.release].compactMap(\.self).joined(separator: " ") }
    }

    /// Nodes find each other by an address that the host itself has: behind address translation the one that we use is
    /// another one. By IPv4 where there is one: overlays of engines before 25 go over nothing else (moby issue 41691).
    static func inwardAddress(known: String?, address: String?, _ facts: HostFacts) -> String? {
        if let known { return known }
        if let address, !address.contains(":"), facts.addresses.contains(address) { return address }
        return facts.addresses.first { !$0.contains(":") } ?? facts.addresses.first ?? address
    }

    // MARK: - Engine

    /// Made once: a job that is resumed finds them, and an engine is not started anew for nothing.
    func issue(_ machine: MachineDocument) async throws -> JSONValue {
        if let expiry = machine.stored["certificate-expiry"], machine.stored["engine-key"] != nil {
            return ["expiry": expiry]
        }
        let issued = try await certificate(for: machine)
        let key = try ClusterSecrets.seal(issued.key, "engine-key", of: machine.id, by: site.store.sealer)
        try await note(machine) { document in
            document["engine-certificate"] = .string(issued.certificate)
            document["engine-key"] = key
            document["certificate-expiry"] = .string(issued.expiry.description)
        }
        return ["expiry": .string(issued.expiry.description)]
    }

    func certificate(for machine: MachineDocument) async throws -> IssuedCertificate {
        let authority = try await ClusterSecrets.authority(of: site.id, in: site.store)
        let texts = [machine.address, machine.inwardAddress].compactMap(\.self) + ["127.0.0.1"]
        let addresses = texts.filter { (try? CIDR($0)) != nil }
        return try authority.server(
            names: [machine.name, "localhost"] + texts.filter { !addresses.contains($0) }, addresses: addresses,
            now: site.clock.now)
    }

    /// `seen`: what the first contact has shown.
    func prepare(_ machine: MachineDocument, seen: JSONValue?) async throws -> JSONValue {
        guard let certificate = machine.stored["engine-certificate"]?.stringValue,
            let key = try site.store.opened("engine-key", of: machine.stored),
            let authority = try await site.document().authority
        else { throw RoadsteadError(.internal, "machine \(machine.name) has no certificate for its engine") }
        let tls = EngineWishes.TLS(authority: authority, certificate: certificate, key: key)
        let wishes = try await wishes(
            for: machine, tls: tls, mtu: seen?["mtu"]?.integerValue.map(Int.init), isOurs: seen?["ours"] == true)
        let facts = try await site.hosts.prepare(machine.name, wishes)
        try checkEngine(facts, on: machine)
        try await note(machine) { document in
            document["engine-version"] = facts.engine.map { .string($0.version) }
            document["engine-packages"] = Self.packages(facts).map { .string($0.rawValue) }
            MachineDocument.become(.prepared, &document)
        }
        return ["engine": facts.engine.map { .string($0.version) } ?? .null]
    }

    static func packages(_ facts: HostFacts) -> ClusterEngine.Packages? {
        facts.enginePackage.map { $0 == "docker-ce" ? .docker : .distribution }
    }

    func wishes(
        for machine: MachineDocument, tls: EngineWishes.TLS?, mtu: Int?, isOurs: Bool
    ) async throws -> EngineWishes {
        let network = site.specification.network
        var wishes = EngineWishes(
            version: site.specification.engine.version,
            mtu: network.mtu ?? mtu.flatMap { $0 < 1500 ? $0 : nil }, tls: tls,
            clusterID: try await site.document().swarmID, dataDisk: site.specification.dataDisk,
            isOverIPv6: machine.address?.contains(":") ?? false, adopt: isOurs || site.specification.adoptsHosts)
        if site.specification.engine.packages == .docker { wishes.packages = .docker(site.tools.dockerPackages) }
        return wishes
    }

    /// A Docker that was there before is kept, whatever it is.
    func checkEngine(_ facts: HostFacts, on machine: MachineDocument) throws(RoadsteadError) {
        guard let engine = facts.engine else {
            throw RoadsteadError(.unavailable, "the engine of \(machine.name) does not answer yet")
        }
        guard !site.specification.engine.accepts(engine.version) else { return }
        throw RoadsteadError(
            .invalidState,
            "\(machine.name) has engine \(engine.version), not \(site.specification.engine.version ?? ""): leave "
                + "engine.version out and upgrade it later, or use another image")
    }
}
