import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    /// Networks that every node has and that no engine lists as the Swarm's.
    private static let predefinedNetworks: Set<String> = ["host", "none", "bridge", "default"]

    mutating func checkExternals() {
        for name in desired.external.networks where !Self.predefinedNetworks.contains(name) {
            checkExternalNetwork(name)
        }
        for name in desired.external.configs where live.config(named: name) == nil {
            refuse(.notFound, missing("config", name))
        }
        for name in desired.external.secrets where live.secret(named: name) == nil {
            refuse(.notFound, missing("secret", name))
        }
    }

    private func missing(_ kind: String, _ name: String) -> String {
        let users = desired.services.filter { service in
            let container = service.spec.taskTemplate.containerSpec
            return container?.configs?.contains { $0.configName == name } == true
                || container?.secrets?.contains { $0.secretName == name } == true
        }
        let prefix = users.first.map { "service \($0.key): " } ?? ""
        return "\(prefix)\(kind) not found: \(name) is declared as external, but the Swarm has none of that name; "
            + "create it first (docker \(kind) create \(name) FILE)"
    }

    private mutating func checkExternalNetwork(_ name: String) {
        guard let network = live.network(named: name) else {
            return refuse(
                .notFound,
                "network \"\(name)\" is declared as external, but could not be found; create a swarm-scoped network "
                    + "of that name first (docker network create --driver overlay \(name))")
        }
        guard network.scope == "swarm" else {
            return refuse(
                .invalidState,
                "network \"\(name)\" is declared as external, but it is not in the right scope: "
                    + "\"\(network.scope ?? "")\" instead of \"swarm\"")
        }
    }
}

extension StackPlanner {
    mutating func networkStep(_ desired: NetworkCreate) -> PlanStep {
        guard let network = live.network(named: desired.name) else {
            return PlanStep(.network, desired.name, .create, payload: .network(desired))
        }
        guard belongsToStack(network.labels) else {
            refuse(
                .conflict,
                "network with name \(desired.name) already exists and does not belong to stack \(self.desired.name): "
                    + "remove it, or declare it as external in the file")
            return PlanStep(.network, desired.name, .unchanged, id: network.id)
        }
        let changes = desired.differences(from: network)
        guard !changes.isEmpty else { return PlanStep(.network, desired.name, .unchanged, id: network.id) }
        guard self.desired.isNamed(desired.name, among: recreate) else {
            warnAboutDifference(desired.name, changes)
            return PlanStep(.network, desired.name, .unchanged, id: network.id)
        }
        recreatedNetworks.insert(desired.name)
        return PlanStep(
            .network, desired.name, .recreate(changes), id: network.id, payload: .network(desired))
    }

    /// A Swarm cannot change a network; docker says nothing then.
    private mutating func warnAboutDifference(_ name: String, _ changes: [FieldChange]) {
        let fields = changes.map(\.path).joined(separator: ", ")
        warnings.append(
            "network \(name) exists with another \(fields); a Swarm cannot change a network: allow it to be removed "
                + "and made anew with all services on it (--recreate \(name)), or give it another name in the file")
    }
}

extension NetworkCreate {
    /// The options of a network that is there already, named as Compose files do.
    fileprivate func differences(from network: Network) -> [FieldChange] {
        var changes: [FieldChange] = []
        func note(_ path: String, _ from: JSONValue?, _ to: JSONValue?) {
            if from != to { changes.append(FieldChange(path: path, from: from, to: to)) }
        }
        if let driver = driver.orNil { note("driver", network.driver.map(JSONValue.string), .string(driver)) }
        note("internal", .bool(network.internal ?? false), .bool(self.internal ?? false))
        note("attachable", .bool(network.attachable ?? false), .bool(attachable ?? false))
        note("enable_ipv6", .bool(network.enableIPv6 ?? false), .bool(enableIPv6 ?? false))
        // Values of options may be keys; their names say enough.
        let (had, wanted) = (network.chosenOptions, options ?? [:])
        for name in Set(had.keys).union(wanted.keys).sorted() where had[name] != wanted[name] {
            note(
                "driver_opts.\(name)", had[name].map { _ in "(hidden)" }, wanted[name].map { _ in "(hidden, changed)" })
        }
        noteLabels(network, &changes)
        let pools = ipam?.config ?? []
        if pools.contains(where: { !network.has($0) }) || network.chosenPools.contains(where: { !$0.isIn(pools) }) {
            note("ipam", WireJSON.value(network.ipam?.config), WireJSON.value(ipam?.config))
        }
        return changes
    }

    private func noteLabels(_ network: Network, _ changes: inout [FieldChange]) {
        let (had, wanted) = (network.labels ?? [:], labels ?? [:])
        for name in Set(had.keys).union(wanted.keys).sorted() where had[name] != wanted[name] {
            changes.append(
                FieldChange(
                    path: "labels.\(name)", from: had[name].map(JSONValue.string),
                    to: wanted[name].map(JSONValue.string)))
        }
    }
}

extension Network {
    fileprivate func has(_ pool: IPAM.Pool) -> Bool {
        ipam?.config?.contains { pool.fits($0) } ?? false
    }

    /// Without what the Swarm adds of its own.
    var chosenOptions: [String: String] {
        (options ?? [:]).filter { $0.key != "com.docker.network.driver.overlay.vxlanid_list" }
    }

    /// Address ranges that somebody chose. A network that asks for none gets a /24 of the Swarm's own pool, which is
    /// 10.0.0.0/8 unless the Swarm was made otherwise; a choice that looks like that cannot be told from it.
    var chosenPools: [IPAM.Pool] {
        (ipam?.config ?? []).filter { pool in
            guard let subnet = pool.subnet.orNil else { return false }
            return pool.ipRange.orNil != nil || !subnet.hasPrefix("10.") || !subnet.hasSuffix("/24")
        }
    }
}

extension IPAM.Pool {
    /// Whether a live pool is what this one asks for; what it leaves open the engine has filled in.
    fileprivate func fits(_ live: IPAM.Pool) -> Bool {
        subnet == live.subnet && (gateway.orNil == nil || gateway == live.gateway)
            && ipRange.orNil == live.ipRange.orNil
    }

    fileprivate func isIn(_ wanted: [IPAM.Pool]) -> Bool { wanted.contains { $0.fits(self) } }
}
