import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension DeploymentRules {
    /// Start, update or stop: the state changes, and the job that does it is queued, in one transaction.
    func launch(
        _ operation: DeploymentOperation, on document: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard document["parent"] != nil || operation == .stop else {
            throw RoadsteadError(
                .invalidState,
                "\(document.id) has no target: set parent to the credential of an infrastructure service",
                context: ["resource-id": document.id.description])
        }
        if operation != .stop { try await checkTarget(of: document, in: scope) }
        let draft = job(operation, on: document.id, body, by: scope.requester)
        let job = try await scope.store.write { transaction in
            try begin(operation, on: document.id, draft, by: scope.requester, transaction)
        }
        return .operation(.accepted(draft.action, document.id.description, job: job.description))
    }

    /// The credential and its service must still be there, and the caller's to see.
    private func checkTarget(of document: StoredDocument, in scope: RequestScope) async throws {
        _ = try await DeploymentTarget(scope: scope).applied(to: document.body)
    }

    private func begin(
        _ operation: DeploymentOperation, on id: ResourceID, _ draft: JobDraft, by requester: Requester,
        _ transaction: StoreTransaction
    ) throws -> ResourceID {
        let current = try transaction.get(id)
        guard let state = Self.state(of: current.body), state.allows(operation),
            let next = operation.stateWhileRunning
        else { throw wrongState(operation.rawValue, current) }
        if operation == .start, state == .stopped { try DeploymentRemoval.parameters(of: id, in: transaction) }
        if operation == .stop { try cancelOthers(on: id, transaction) }
        try transaction.modify(id) { body in
            body["state"] = .string(next.rawValue)
            body["updated-by"] = .string(requester.author)
        }
        try transaction.record(
            EventDraft(.action, verb: operation.rawValue, on: current.body, type: type.name, by: requester))
        return try transaction.enqueue(draft).id
    }

    /// A stop ends a start or update that is still under way.
    private func cancelOthers(on id: ResourceID, _ transaction: StoreTransaction) throws {
        for job in try transaction.unfinishedJobs(target: id) { try transaction.cancelJob(job.id) }
    }

    private func job(
        _ operation: DeploymentOperation, on id: ResourceID, _ body: JSONObject, by requester: Requester
    ) -> JobDraft {
        let flags = body.filter { ["delete", "remove-volumes", "remove-images"].contains($0.key) }
        var draft = JobDraft(
            operation.jobAction ?? operation.rawValue, on: id, by: requester,
            payload: operation == .stop ? flags : body.filter { $0.key == "timeout" })
        if body["low-priority"] == true { draft.priority = JobDraft.backgroundPriority }
        return draft
    }

    /// Removes the document and what belongs to it whatever the state; containers are left running.
    func forceDelete(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        try await scope.store.write { transaction in
            try cancelOthers(on: document.id, transaction)
            try DeploymentRemoval.children(of: document.id, in: transaction)
            try transaction.delete(document.id)
            try transaction.record(
                EventDraft(.action, verb: "force-delete", on: document.body, type: type.name, by: scope.requester))
        }
        return .operation(.deleted(document.id.description))
    }

    /// Another version of the same module; the values that the user gave are kept.
    func fetchModule(
        _ document: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let stored = document["module"]?.objectValue ?? [:]
        guard let href = body["module-href"]?.stringValue.flatMap({ ResourceID($0) }),
            case let (module, version?) = ModuleVersions.split(href),
            module.description == stored["id"]?.stringValue
        else {
            throw RoadsteadError(
                .invalidInput, "invalid module-href: give a version of this deployment's module, as in module/<uuid>_3")
        }
        _ = version
        let snapshot = ModuleSnapshot(modules: modules, scope: scope)
        let fresh = try await snapshot.take(
            .object(stored.merging(["href": .string(href.description)])), over: stored)
        let updated = try await scope.store.write { try $0.modify(document.id) { $0["module"] = .object(fresh) } }
        return .document(updated.body)
    }

    /// What a start or an update would change on the Swarm. With a `module` in the body: as if it had been put first.
    func plan(_ document: StoredDocument, _ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        var planned = document.body
        if let module = body["module"] {
            let snapshot = ModuleSnapshot(modules: modules, scope: scope)
            planned["module"] = .object(try await snapshot.take(module, over: planned["module"]?.objectValue))
        }
        planned = try await DeploymentTarget(scope: scope).applied(to: planned)
        return try await planner.plan(
            StoredDocument(id: document.id, revision: document.revision, body: planned), logger: scope.logger)
    }

    /// A log resource, visible in the session that made it; `fetch` on it reads lines from the services.
    func createLog(
        _ document: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard offers("create-log", on: document.body) else { throw wrongState("create-log", document) }
        let log = try ResourceLog.document(for: document, body, in: scope)
        let id = try await scope.store.write { try $0.insert(log).id }
        return .operation(.created(id.description))
    }
}
