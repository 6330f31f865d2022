import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// What goes: nodes, machines, and what they stood on.
extension ClusterActions {
    private var isEnding: Bool { [ClusterOperation.terminate, .undo].map(\.jobAction).contains(context.action) }

    /// Lets the containers of a node end in good order. A Swarm that is given up may not answer any more, and its machines go
    /// all the same.
    func drain(_ machine: MachineDocument) async throws -> JSONValue {
        guard let node = machine.nodeID else { return .null }
        do {
            try await site.swarm().drain(node, through: try await site.managers())
        } catch let error as RoadsteadError where isEnding {
            try Task.checkCancellation()
            return ["skipped": .string(error.message)]
        }
        try await note(machine) { MachineDocument.become(.draining, &$0) }
        return .null
    }

    func removeNode(_ machine: MachineDocument) async throws -> JSONValue {
        guard let node = machine.nodeID else { return .null }
        try await site.swarm().remove(node, through: try await site.managers(without: machine.name))
        return .null
    }

    /// The machine, or our traces on a host that stays; then its document.
    func remove(_ machine: MachineDocument) async throws -> JSONValue {
        try await note(machine) { MachineDocument.become(.removing, &$0) }
        var result = JSONValue.null
        if let driver = site.driver {
            try await driver.withdraw(.machine, machine.token, of: site.id.identifier, patience: site.tools.patience)
        } else if machine.wasEntered {
            result = try await release(machine)
        }
        let id = machine.id
        try await context.write { transaction in
            guard try transaction.find(id) != nil else { return }
            try transaction.delete(id)
        }
        return result
    }

    /// A host that is gone for good keeps nobody from ending its cluster; one that is up must let us.
    private func release(_ machine: MachineDocument) async throws -> JSONValue {
        // The host was made anew and is another machine by now: what is set up there is that one's.
        let others = try await site.store.machines(of: site.id).filter { $0.id != machine.id && $0.state.isLiving }
        guard !others.contains(where: { $0.hostKey == machine.hostKey }) else { return .null }
        do {
            try await site.hosts.release(machine.name, node: machine.nodeID)
            return .null
        } catch let error as RoadsteadError where [.unavailable, .timeout].contains(error.code) {
            try Task.checkCancellation()
            if !isEnding, let left = LeftHost(machine) { try await note { ClusterDocument.note(left, in: &$0) } }
            return ["left": .string("\(machine.name) does not answer and keeps what was set up: \(error.message)")]
        }
    }

    func removeFoundation(_ kind: ClusterSteps.Kind) async throws -> JSONValue {
        guard let driver = site.driver else { return .null }
        let thing: CloudKind =
            switch kind {
            case .removeFirewall: .firewall
            case .removeKey: .key
            default: .network
            }
        try await driver.withdraw(thing, thing.rawValue, of: site.id.identifier, patience: site.tools.patience)
        try await note { document in
            let rest = (document["things"]?.arrayValue ?? []).filter { $0["kind"]?.stringValue != thing.rawValue }
            document["things"] = rest.isEmpty ? .none : .array(rest)
        }
        return .null
    }

    /// Asks the cloud itself: whatever still carries the cluster's tag goes, whoever forgot it.
    func checkNothingIsLeft() async throws -> JSONValue {
        if let driver = site.driver {
            do { try await driver.clear(site.id.identifier, patience: site.tools.patience) } catch {
                throw RoadsteadError(error, doing: "remove what is left of cluster \(site.specification.name)")
            }
        }
        let id = site.id
        try await context.write { transaction in
            for machine in try transaction.machines(of: id) { try transaction.delete(machine.id) }
        }
        let left = try await site.document().leftHosts
        guard !left.isEmpty else { return .null }
        return [
            "warnings": JSONValue(
                left.map { "host \($0.host), once machine \($0.machine), did not answer and keeps what was set up" })
        ]
    }
}

extension MachineDocument {
    /// Whether anything may have been done on the host itself. That its key is known says nothing: another machine of the
    /// cluster may have been there before.
    fileprivate var wasEntered: Bool { stored["system"] != nil || nodeID != nil }
}
