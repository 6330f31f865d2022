import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Deployments as documents: made as a snapshot of a module, pointed at a target credential, started, updated and
/// stopped by jobs.
struct DeploymentRules: ResourceRules {
    let type = ResourceType.deployment
    let modules: ModuleRules
    let planner: any DeploymentPlanning
    let live: DeploymentLive

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let snapshot = ModuleSnapshot(modules: modules, scope: scope)
        let module = try await snapshot.take(body["module"], over: nil)
        return try await draft(of: body.filter { Self.givenAtCreation.contains($0.key) }, module: module, in: scope)
    }

    /// A deployment that is at rest, from what was asked for and the module.
    func draft(of given: JSONObject, module: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let identifier = scope.context.ids.makeUUID()
        let owner = scope.requester.activeClaim
        var deployment = given
        deployment["module"] = .object(module)
        deployment["state"] = .string(DeploymentState.created.rawValue)
        deployment["owner"] = .string(owner)
        if deployment["api-endpoint"] == nil { deployment["api-endpoint"] = .string(scope.endpoint) }
        if deployment["execution-mode"] == nil { deployment["execution-mode"] = "push" }
        if deployment["stack-name"] == nil { deployment["stack-name"] = .string(identifier) }
        if deployment["name"] == nil { deployment["name"] = module["name"] }
        deployment = try await DeploymentTarget(scope: scope).applied(to: deployment)
        return ResourceDraft(
            deployment, identifier: identifier, access: try access(deployment, identifier: identifier, owner: owner))
    }

    private static let givenAtCreation: Set<String> = [
        "name", "description", "tags", "acl", "parent", "execution-mode", "api-endpoint", "data",
        "registries-credentials", "stack-name", "profiles",
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
        guard !Self.isItself(scope.requester, document) else {
            return ResourceEdit(document.merging(Self.ownChanges(changes, of: document)))
        }
        let standing = DeploymentStanding(document: document)
        let changes = changes.filter { $0.key != "state" || !standing.isStateTold }
        try checkStackName(changes, of: document)
        let edited = try await changed(document, changes, removing: removed, in: scope)
        try await standing.check(edited, in: scope.store)
        let isShared = edited["acl"] != document["acl"]
        return ResourceEdit(edited) { body, transaction in
            if isShared { try DeploymentAccess.share(body, in: transaction) }
        }
    }

    /// Whether the caller may edit by nothing but being the deployment: one of its containers, with the deployment's key.
    static func isItself(_ requester: Requester, _ document: JSONObject) -> Bool {
        guard let id = document["id"]?.stringValue, requester.claims.contains(id) else { return false }
        return !AttributeVisibility.mayEdit(AccessList.rights(on: document, of: requester.claims.subtracting([id])))
    }

    /// A container must not decide what its user deploys, where, or with whose rights. An executor elsewhere, as edges will
    /// have it, tells the state by this key; here the server itself does.
    private static func ownChanges(_ changes: JSONObject, of document: JSONObject) -> JSONObject {
        let isDoneElsewhere = document["execution-mode"] != "push"
        return changes.filter { $0.key == "description" || $0.key == "tags" || ($0.key == "state" && isDoneElsewhere) }
    }

    /// The document with what was asked for, before it is said whether its state allows it.
    func changed(
        _ document: JSONObject, _ changes: JSONObject, removing removed: Set<String> = [], in scope: RequestScope
    ) async throws -> JSONObject {
        let plain = changes.filter { $0.key != "module" && $0.key != "acl" }
        let kept: Set<String> = ["module", "state", "stack-name"]
        var edited = document.filter { !removed.subtracting(kept).contains($0.key) }.merging(plain)
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
        return edited
    }

    /// The name is how the stack is found again on the Swarm.
    private func checkStackName(_ changes: JSONObject, of document: JSONObject) throws(RoadsteadError) {
        guard let name = changes["stack-name"], name != document["stack-name"],
            Self.state(of: document)?.isAtRest == false
        else { return }
        throw RoadsteadError(
            .invalidState,
            "stack-name of \(document["id"]?.stringValue ?? "the deployment") cannot change while it is "
                + "\(document["state"]?.stringValue ?? "up"); stop it first")
    }

    static func state(of document: JSONObject) -> DeploymentState? {
        document["state"]?.stringValue.flatMap(DeploymentState.init(rawValue:))
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        switch operation {
        case "create-log":
            return [.started, .updating, .error].contains(Self.state(of: document))
        case "detach": return document["deployment-set"] != nil
        case "rollback", "scale", "restart":
            // Without a recorded revision there is nothing to go by.
            guard document["revision"] != nil else { return false }
            // What runs after a failure half-way is no recorded revision: numbers and restarts would bring one back.
            guard operation == "rollback" || document["failed-operation"] == nil else { return false }
        default: break
        }
        guard let operation = DeploymentOperation(rawValue: operation) else { return true }
        return Self.state(of: document)?.allows(operation) ?? false
    }

    func present(_ document: JSONObject, of id: ResourceID, in scope: RequestScope) async throws -> JSONObject {
        try await withDigests(Self.withKey(document), of: id, in: scope)
    }

    /// Who may change secret files learns whether they are the same; the containers are not among them.
    private func withDigests(
        _ document: JSONObject, of id: ResourceID, in scope: RequestScope
    ) async throws -> JSONObject {
        guard document["module"]?["content"]?[SecretFiles.names] != nil,
            let stored = try await scope.store.find(id), scope.rights(on: stored.body).contains(.editData),
            !Self.isItself(scope.requester, stored.body), var module = document["module"]?.objectValue,
            let content = stored["module"]?["content"]?.objectValue
        else { return document }
        module["content"] = .object(
            try SecretFiles.shown(content, withDigests: true, sealer: scope.store.sealer))
        return document.merging(["module": .object(module)])
    }

    /// The secret of the API key stands where the dialect has it, for those who may read it.
    private static func withKey(_ document: JSONObject) -> JSONObject {
        guard let secret = document[DeploymentKey.attribute],
            var credentials = document["api-credentials"]?.objectValue
        else { return document }
        credentials["api-secret"] = secret
        var shown = document
        shown[DeploymentKey.attribute] = nil
        shown["api-credentials"] = .object(credentials)
        return shown
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        guard offers("delete", on: document.body) else { throw wrongState("delete", document) }
        try DeploymentRemoval.children(of: document.id, in: transaction)
    }

    /// One that is being stopped goes when it is stopped.
    func deletesLater(
        _ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction
    ) throws -> Bool {
        guard Self.state(of: document.body) == .stopping,
            let job = try transaction.unfinishedJobs(target: document.id).first(where: { $0.action == Self.stopAction })
        else { return false }
        try transaction.modify(job.id) { body in
            let payload = body["payload"]?.stringValue.flatMap { try? JSONValue.parse($0).objectValue } ?? [:]
            body["payload"] = .string(JSONValue.object(payload.merging(["delete": true])).text())
        }
        try transaction.record(
            EventDraft(.action, verb: "delete-when-stopped", on: document.body, type: type.name, by: scope.requester))
        return true
    }

    private static let stopAction = DeploymentOperation.stop.jobAction

    func deleted(_ document: StoredDocument, in scope: RequestScope) -> ResourceAnswer {
        let id = document.id.description
        guard Self.state(of: document.body) == .stopping else { return .operation(.deleted(id)) }
        return .operation(
            OperationAnswer(status: 202, message: "\(id) will be deleted when it is stopped", resourceID: id))
    }

    func wrongState(_ action: String, _ document: StoredDocument, _ more: String = "") -> RoadsteadError {
        RoadsteadError(
            .invalidState,
            "Action \(action) cannot be called on \(document.id) in state \(document["state"]?.stringValue ?? "?")!"
                + more,
            context: ["resource-id": document.id.description])
    }
}
