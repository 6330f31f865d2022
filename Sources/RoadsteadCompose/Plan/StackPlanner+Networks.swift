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
        warnIfDifferent(desired, network)
        return PlanStep(.network, desired.name, .unchanged, id: network.id)
    }

    /// A Swarm cannot change a network; docker says nothing then.
    private mutating func warnIfDifferent(_ desired: NetworkCreate, _ network: Network) {
        var fields: [String] = []
        if let driver = desired.driver.orNil, driver != network.driver { fields.append("driver") }
        if (desired.internal ?? false) != (network.internal ?? false) { fields.append("internal") }
        if (desired.attachable ?? false) != (network.attachable ?? false) { fields.append("attachable") }
        if let ipv6 = desired.enableIPv6, ipv6 != (network.enableIPv6 ?? false) { fields.append("enable_ipv6") }
        if desired.options?.contains(where: { network.options?[$0.key] != $0.value }) == true {
            fields.append("driver_opts")
        }
        if desired.ipam?.config.orNil?.contains(where: { !network.has($0) }) == true { fields.append("ipam") }
        guard !fields.isEmpty else { return }
        warnings.append(
            "network \(desired.name) exists with another \(fields.joined(separator: ", ")); a Swarm cannot change a "
                + "network: give it another name in the file, or remove the stack and deploy it anew")
    }
}

extension Network {
    fileprivate func has(_ pool: IPAM.Pool) -> Bool {
        ipam?.config?.contains { mine in
            mine.subnet == pool.subnet && (pool.gateway.orNil == nil || pool.gateway == mine.gateway)
        } ?? false
    }
}
