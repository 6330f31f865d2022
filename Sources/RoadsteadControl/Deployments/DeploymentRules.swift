import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Deployments as documents: made as a snapshot of a module, pointed at a target credential, started, updated and
/// stopped by jobs.
struct DeploymentRules: ResourceRules {
    let type = ResourceType.deployment
    let modules: ModuleRules
    let planner: any DeploymentPlanning

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let snapshot = ModuleSnapshot(modules: modules, scope: scope)
        let module = try await snapshot.take(body["module"], over: nil)
        let identifier = scope.context.ids.makeUUID()
        let owner = scope.requester.activeClaim
        var deployment = body.filter { Self.givenAtCreation.contains($0.key) }
        deployment["module"] = .object(module)
        deployment["state"] = .string(DeploymentState.created.rawValue)
        deployment["owner"] = .string(owner)
        if deployment["api-endpoint"] == nil { deployment["api-endpoint"] = .string(scope.endpoint) }
        if deployment["execution-mode"] == nil { deployment["execution-mode"] = "push" }
        if deployment["name"] == nil { deployment["name"] = module["name"] }
        deployment = try await DeploymentTarget(scope: scope).applied(to: deployment)
        return ResourceDraft(
            deployment, identifier: identifier, access: try access(deployment, identifier: identifier, owner: owner))
    }

    private static let givenAtCreation: Set<String> = [
        "name", "description", "tags", "acl", "parent", "execution-mode", "api-endpoint", "data",
        "registries-credentials",
    ]

    /// The owner stays the first owner; the deployment may look at and edit itself.
    private func access(_ body: JSONObject, identifier: String, owner: String) throws(RoadsteadError) -> AccessList {
        let id = "deployment/" + identifier
        var list = AccessList(owners: [owner])
        if let given = body["acl"] { list = try AccessList(json: given) }
        if !list.owners.contains(owner) { list.owners.insert(owner, at: 0) }
        return list.granting(.viewACL, to: id).granting(.editData, to: id)
    }

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let plain = changes.filter { $0.key != "module" && $0.key != "acl" }
        var edited = document.filter { !removed.subtracting(["module", "state"]).contains($0.key) }.merging(plain)
        if let module = changes["module"] {
            let snapshot = ModuleSnapshot(modules: modules, scope: scope)
            edited["module"] = .object(try await snapshot.take(module, over: document["module"]?.objectValue))
        }
        if let access = changes["acl"], let id = ResourceID(document["id"]?.stringValue ?? "") {
            let owner = document["owner"]?.stringValue ?? scope.requester.activeClaim
            edited["acl"] = try self.access(["acl": access], identifier: id.identifier, owner: owner).normalized().json
        }
        if changes["parent"] != nil, changes["parent"] != document["parent"] {
            edited = try await DeploymentTarget(scope: scope).applied(to: edited)
        }
        return ResourceEdit(edited)
    }

    static func state(of document: JSONObject) -> DeploymentState? {
        document["state"]?.stringValue.flatMap(DeploymentState.init(rawValue:))
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        if operation == "create-log" {
            return [.started, .updating, .error, .starting, .stopping].contains(Self.state(of: document))
        }
        guard let operation = DeploymentOperation(rawValue: operation) else { return true }
        return Self.state(of: document)?.allows(operation) ?? false
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        guard offers("delete", on: document.body) else { throw wrongState("delete", document) }
        try DeploymentRemoval.children(of: document.id, in: transaction)
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        switch action {
        case "plan": return .value(try await plan(document, body, in: scope))
        case "force-delete": return try await forceDelete(document, in: scope)
        case "fetch-module": return try await fetchModule(document, body, in: scope)
        case "create-log": return try await createLog(document, body, in: scope)
        default:
            guard let operation = DeploymentOperation(rawValue: action), operation != .delete else {
                throw RoadsteadError.noSuchAction(action, document.id.description)
            }
            return try await launch(operation, on: document, body, in: scope)
        }
    }

    func wrongState(_ action: String, _ document: StoredDocument) -> RoadsteadError {
        RoadsteadError(
            .invalidState,
            "Action \(action) cannot be called on \(document.id) in state \(document["state"]?.stringValue ?? "?")!",
            context: ["resource-id": document.id.description])
    }
}
