import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Clusters as documents: described, made, changed and removed by jobs.
struct ClusterRules: ResourceRules {
    let type = ResourceType.cluster
    let tools: ClusterTools

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let specification = try await checked(body["specification"], in: scope)
        var cluster = body.filter { ["description", "tags", "acl"].contains($0.key) }
        cluster["name"] = .string(specification.name)
        cluster["specification"] = .object(specification.json)
        cluster["state"] = .string(ClusterState.created.rawValue)
        return ResourceDraft(cluster) { document, transaction in
            try Self.checkNameIsFree(document, in: transaction)
        }
    }

    /// The specification, with all that it refers to looked at.
    func checked(_ json: JSONValue?, in scope: RequestScope) async throws -> ClusterSpecification {
        guard let json else {
            throw RoadsteadError(
                .invalidInput, "cluster is not valid: specification is missing; give at least name and driver")
        }
        let specification = try ClusterSpecification(json: json)
        try await ClusterAdmission(scope: scope, tools: tools).check(specification)
        return specification
    }

    /// A name is taken until nothing of its cluster is left.
    private static func checkNameIsFree(_ document: JSONObject, in transaction: StoreTransaction) throws {
        let name = document["name"]?.stringValue ?? ""
        let query = DocumentQuery(type: ResourceType.cluster.name, filter: .equal("name", .string(name)))
        let other = try transaction.query(query).documents.first { other in
            other.id.description != document["id"]?.stringValue
                && ClusterDocument.state(of: other.body) != .terminated
        }
        guard let other else { return }
        throw RoadsteadError(
            .conflict,
            "there is a cluster '\(name)' already: \(other.id), which is \(other["state"]?.stringValue ?? "there"); "
                + "take another name, or terminate that one",
            context: ["resource-id": other.id.description])
    }

    // MARK: - Edit

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        var edited = document.filter { !removed.subtracting(["specification"]).contains($0.key) }.merging(changes)
        if changes["specification"] != nil {
            let specification = try await checked(changes["specification"], in: scope)
            try Self.checkMayBecome(specification, document)
            edited["specification"] = .object(specification.json)
            edited["name"] = .string(specification.name)
        }
        let (isShared, isRenamed) = (edited["acl"] != document["acl"], edited["name"] != document["name"])
        return ResourceEdit(edited) { body, transaction in
            if isShared { try ClusterAccess.share(body, in: transaction) }
            if isRenamed { try Self.checkNameIsFree(body, in: transaction) }
        }
    }

    /// Throws `conflict` while a job reads it, `invalidState` for what cannot change any more once machines are made.
    private static func checkMayBecome(_ wanted: ClusterSpecification, _ document: JSONObject) throws(RoadsteadError) {
        let state = ClusterDocument.state(of: document)
        let id = document["id"]?.stringValue ?? "the cluster"
        guard ![.creating, .changing, .terminating].contains(state) else {
            throw RoadsteadError(
                .conflict, "the specification of \(id) cannot change while it is \(state.rawValue); wait for its job",
                context: ["resource-id": id])
        }
        guard state.mayHaveMachines, let current = try? ClusterSpecification(json: document["specification"] ?? .null)
        else { return }
        let fixed = [
            ("name", current.name != wanted.name), ("driver", current.driver != wanted.driver),
            ("region", current.region != wanted.region),
            ("network.range", current.network.range != wanted.network.range),
            ("autolock", current.isAutolocked != wanted.isAutolocked),
        ]
        let changed = fixed.filter(\.1).map(\.0)
        guard !changed.isEmpty else { return }
        throw RoadsteadError(
            .invalidState,
            "\(changed.joined(separator: ", ")) of \(id) cannot change once machines are made; terminate it first, or make "
                + "another cluster",
            context: ["resource-id": id])
    }

    // MARK: - Operations

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        let cluster = ClusterDocument.state(of: document)
        switch operation {
        case "plan": return cluster != .terminated
        case "doctor": return cluster.mayHaveMachines && document["swarm-id"] != nil
        case "engine-access": return cluster.isUsable && document["authority"] != nil
        default: return ClusterOperation(rawValue: operation).map(cluster.allows) ?? true
        }
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        _ = try ClusterDocument(document).state.beginning(.delete)
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        if let descriptor = type.action(named: action), !descriptor.input.isEmpty {
            try Schema(descriptor.input, openness: .open).check(body, as: action)
        }
        switch action {
        case "plan": return .value(try await plan(ClusterDocument(document), body, in: scope))
        case "doctor": return .value(try await examine(ClusterDocument(document), in: scope))
        case "engine-access": return .value(try await engineAccess(ClusterDocument(document), in: scope))
        default:
            guard let operation = ClusterOperation(rawValue: action), operation.jobAction != nil else {
                throw RoadsteadError.noSuchAction(action, document.id.description)
            }
            return try await launch(operation, on: ClusterDocument(document), body, in: scope)
        }
    }

    /// A client certificate for the caller: with it the engines do whatever they are asked for.
    private func engineAccess(_ cluster: ClusterDocument, in scope: RequestScope) async throws -> JSONValue {
        guard offers("engine-access", on: cluster.stored.body) else {
            throw RoadsteadError(
                .invalidState, "\(cluster.id) has no engines to go to: it is \(cluster.state.rawValue)",
                context: ["resource-id": cluster.id.description])
        }
        let authority = try await ClusterSecrets.authority(of: cluster.id, in: scope.store)
        let name = String(scope.requester.activeClaim.prefix(64))
        let issued = try authority.client(name, lifetime: .seconds(365 * 86_400), now: scope.now)
        let managers = try await scope.store.managers(of: cluster.id).filter { machine in
            machine.nodeID != nil && machine.state.isLiving
        }.compactMap(\.address).map(ClusterRegistration.endpoint)
        let event = EventDraft(
            .action, verb: "engine-access", on: cluster.stored.body, type: type.name, by: scope.requester)
        try await scope.store.write { _ = try $0.record(event) }
        return [
            "endpoint": managers.first.map(JSONValue.string) ?? .null, "endpoints": JSONValue(managers),
            "ca": .string(authority.certificate), "cert": .string(issued.certificate),
            "key": .string(issued.key.exposed),
        ]
    }
}
