import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What is on hosts that become machines of a cluster, and what becomes of it.
struct ClusterFindings {
    let site: ClusterSite

    /// What people should know before a host is changed.
    ///
    /// Throws what `HostPreparation` throws for a host that does not suit; `invalidState` for one with another Docker than is
    /// asked for, since a Docker that is there is kept.
    static func check(
        _ facts: HostFacts, wishes: EngineWishes, engine: ClusterEngine, machine: String
    ) throws -> [String] {
        let preparation = try HostPreparation(facts, wishes: wishes, host: machine)
        if let installed = facts.engine?.version, !facts.isPrepared, !engine.accepts(installed) {
            throw RoadsteadError(
                .invalidState,
                "\(machine) has Docker \(installed) already, which is kept, and engine.version is "
                    + "\(engine.version ?? ""): set it to \(installed.prefix { $0.isNumber || $0 == "." }) or leave it "
                    + "out, or put the other Docker on the host first")
        }
        return preparation.warnings
    }

    /// Looks at the hosts of the specification that are none of `machines` yet, when they are to be adopted: those may run
    /// containers. A host that cannot be looked at, or that would be refused, is a warning of its own.
    func look(_ machines: [MachineDocument]) async throws -> [String] {
        let specification = site.specification
        guard specification.adoptsHosts else { return [] }
        let known = Set(machines.compactMap(\.hostKey))
        let hosts = Dictionary(
            specification.hosts.filter { !known.contains($0.key) }.map { ($0.key, $0) },
            uniquingKeysWith: { first, _ in first })
        guard !hosts.isEmpty else { return [] }
        let logins = ClusterLogins(store: site.store, cluster: site.id)
        let work = site.tools.outside.hosts { key in
            guard let host = hosts[key] else { throw RoadsteadError(.notFound, "there is no host \(key)") }
            return try await logins.login(host, specification)
        }
        let found = await withTaskGroup(of: (String, [String]).self) { group in
            for key in hosts.keys.sorted() { group.addTask { (key, await Self.look(key, specification, work)) } }
            return await group.reduce(into: [String: [String]]()) { $0[$1.0] = $1.1 }
        }
        await work.close()
        try Task.checkCancellation()
        return found.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private static func look(
        _ host: String, _ specification: ClusterSpecification, _ work: any ClusterHostWork
    ) async -> [String] {
        do {
            return try check(
                try await work.look(host), wishes: EngineWishes(dataDisk: specification.dataDisk, adopt: true),
                engine: specification.engine,
                machine: host)
        } catch { return [RoadsteadError.translating(error).message] }
    }
}

extension ClusterSpecification {
    /// Hosts that run containers, or are in another Swarm, are taken as they are.
    var adoptsHosts: Bool { isGeneric && options["adopt"] == true }

    /// `auto`, or a device.
    var dataDisk: String? { options["data-disk"]?.stringValue }
}
