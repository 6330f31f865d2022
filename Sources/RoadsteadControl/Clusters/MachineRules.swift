import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// Machines of clusters: looked at, entered, switched on and off, changed one by one. Only a cluster's operations make them.
struct MachineRules: ResourceRules {
    let type = ResourceType.machine
    let tools: ClusterTools

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        let state = MachineDocument.state(of: document)
        switch operation {
        case "ssh-access", "trust": return document["address"] != nil && state != .removed
        case "start": return state == .stopped
        case "stop", "restart", "kill": return [.running, .lost].contains(state)
        case "upgrade", "regenerate-certs": return state == .running
        case "remove": return [.running, .lost, .stopped, .draining].contains(state)
        default: return true
        }
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        if let descriptor = type.action(named: action), !descriptor.input.isEmpty {
            try Schema(descriptor.input, openness: .open).check(body, as: action)
        }
        let machine = MachineDocument(document)
        guard offers(action, on: document.body) else {
            throw RoadsteadError(
                .invalidState, "\(action) is not possible while machine \(machine.name) is \(machine.state.rawValue)",
                context: ["resource-id": document.id.description])
        }
        switch action {
        case "ssh-access": return .value(try await sshAccess(machine, in: scope))
        case "status":
            return .value(
                try await withSite(machine, in: scope) { try await MachineStatus(site: $0, machine: machine).look() })
        case "trust":
            return .value(try await MachineTrust(rules: self, machine: machine).answer(body, in: scope))
        case let name where MachineChange(rawValue: name) != nil:
            return try await launch(MachineChange(rawValue: name) ?? .upgrade, machine, in: scope)
        default:
            guard let order = PowerOrder(rawValue: action) else {
                throw RoadsteadError.noSuchAction(action, document.id.description)
            }
            return try await power(order, machine, in: scope)
        }
    }

    func cluster(of machine: MachineDocument, in scope: RequestScope) async throws -> ClusterDocument {
        guard let id = machine.cluster, let document = try await scope.store.find(id) else {
            throw RoadsteadError(.invalidState, "machine \(machine.name) belongs to no cluster any more")
        }
        return ClusterDocument(document)
    }

    func withSite<Value: Sendable>(
        _ machine: MachineDocument, in scope: RequestScope, _ body: (ClusterSite) async throws -> Value
    ) async throws -> Value {
        let cluster = try await cluster(of: machine, in: scope)
        return try await ClusterRules(tools: tools).site(cluster, try cluster.specification(), in: scope, body)
    }

    // MARK: - SSH

    /// With the private key where Roadstead made it; that of a host that existed is the credential's owner's own.
    private func sshAccess(_ machine: MachineDocument, in scope: RequestScope) async throws -> JSONValue {
        let cluster = try await cluster(of: machine, in: scope)
        var access: JSONObject = [
            "address": machine.address.map(JSONValue.string) ?? .null, "port": JSONValue(machine.port),
            "user": .string(machine.user), "host-keys": JSONValue(machine.hostKeys),
        ]
        access["jump"] = machine.stored["jump"]
        if let key = try scope.store.opened(ClusterSecrets.sshKey, of: cluster.stored) {
            access["private-key"] = .string(key.exposed)
        }
        let event = EventDraft(
            .action, verb: "ssh-access", on: machine.stored.body, type: type.name, by: scope.requester)
        try await scope.store.write { _ = try $0.record(event) }
        return .object(access)
    }

    // MARK: - Power

    private func power(
        _ order: PowerOrder, _ machine: MachineDocument, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        try await withSite(machine, in: scope) { site in try order.check(machine, driver: site.driver) }
        let cluster = try await cluster(of: machine, in: scope)
        let draft = JobDraft(order.jobAction, on: machine.id, by: scope.requester, of: machine.stored.body)
        let event = EventDraft(
            .action, verb: order.rawValue, on: machine.stored.body, type: type.name, by: scope.requester)
        let job = try await scope.store.write { transaction in
            // A job of the cluster counts on its machines.
            if let other = try transaction.unfinishedJobs(target: cluster.id).first {
                throw RoadsteadError(
                    .conflict, "\(other.id) (\(other.action)) is at work on cluster \(cluster.name); wait for it",
                    context: ["job": other.id.description])
            }
            try transaction.record(event)
            return try transaction.enqueue(draft).id
        }
        return .operation(.accepted(draft.action, machine.id.description, job: job.description))
    }
}
