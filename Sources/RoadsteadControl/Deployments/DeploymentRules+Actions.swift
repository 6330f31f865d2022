import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension DeploymentRules {
    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        if let descriptor = type.action(named: action), !descriptor.input.isEmpty {
            try Schema(descriptor.input, openness: .open).check(body, as: action)
        }
        switch action {
        case "plan": return .value(try await plan(document, body, in: scope))
        case "tasks": return .value(try await live.tasks(of: document, logger: scope.logger))
        case "urls": return .value(try await urls(of: document, in: scope))
        case "force-delete": return try await forceDelete(document, in: scope)
        case "fetch-module": return try await fetchModule(document, body, in: scope)
        case "create-log": return try await createLog(document, body, in: scope)
        case "clone": return try await clone(document, in: scope)
        case "detach": return try await detach(document, in: scope)
        case "check-dct": return try await checkTrust(document, in: scope)
        // Told by edges only, and there are none yet.
        case "fetch-coe-resources": return .value([:])
        case "stream/logs", "stream/stats", "stream/exec":
            return try await stream(action, of: document, body, in: scope)
        default:
            guard let operation = DeploymentOperation(rawValue: action), operation != .delete else {
                throw RoadsteadError.noSuchAction(action, document.id.description)
            }
            return try await launch(operation, on: document, body, in: scope)
        }
    }

    /// Removes the document and what belongs to it whatever the state; containers are left running.
    func forceDelete(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        try await scope.store.write { transaction in
            for job in try transaction.unfinishedJobs(target: document.id) { try transaction.cancelJob(job.id) }
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
            case let (module, version) = ModuleVersions.split(href), version != nil,
            module.description == stored["id"]?.stringValue
        else {
            throw RoadsteadError(
                .invalidInput, "invalid module-href: give a version of this deployment's module, as in module/<uuid>_3")
        }
        let snapshot = ModuleSnapshot(modules: modules, scope: scope)
        guard !Self.isItself(scope.requester, document.body) else { throw .forbidden(document.id.description) }
        let given = try await snapshot.withoutDefaults(stored.merging(["href": .string(href.description)]))
        let fresh = try await snapshot.take(.object(given), over: stored)
        let updated = try await scope.store.write { transaction in
            try DeploymentStanding(document: try transaction.get(document.id).body).checkIsIdle(in: transaction)
            try transaction.record(
                EventDraft(.action, verb: "fetch-module", on: document.body, type: type.name, by: scope.requester))
            return try transaction.modify(document.id) { $0["module"] = .object(fresh) }
        }
        return .document(type.withoutConcealed(updated.body))
    }

    /// `{"urls": [{"label", "url"}]}`: those of the application's patterns that all have their values by now.
    func urls(of document: StoredDocument, in scope: RequestScope) async throws -> JSONValue {
        let query = DocumentQuery(
            type: ResourceType.deploymentParameter.name, filter: .equal("parent", .string(document.id.description)))
        let values = try await scope.store.query(query).documents.compactMap { fact in
            fact["name"]?.stringValue.map { ($0, fact["value"]?.stringValue ?? "") }
        }
        let addresses = URLPattern.addresses(
            document["module"]?["content"]?["urls"], Dictionary(values, uniquingKeysWith: { $1 }))
        return ["urls": .array(addresses.map { ["label": .string($0.label), "url": .string($0.url)] })]
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

    /// The same application with the same values, at rest and without a target.
    func clone(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        guard scope.rights(on: document.body).contains(.viewData), let module = document["module"]?.objectValue else {
            throw .forbidden(document.id.description)
        }
        let copied: Set<String> = ["data", "name", "description", "tags", "profiles"]
        let draft = try await draft(of: document.body.filter { copied.contains($0.key) }, module: module, in: scope)
        var body = draft.body
        let id = "deployment/" + (draft.identifier ?? scope.context.ids.makeUUID())
        body["id"] = .string(id)
        body["resource-type"] = .string(type.name)
        body["created-by"] = .string(scope.requester.author)
        body["acl"] = (draft.access ?? defaultAccess(body, in: scope)).normalized().json
        try await scope.store.write { [body] transaction in
            let stored = try transaction.insert(body)
            try type.check(stored.body)
            try transaction.record(EventDraft(.add, verb: "add", on: stored.body, type: type.name, by: scope.requester))
        }
        return .operation(.created(id))
    }

    func detach(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        guard offers("detach", on: document.body) else {
            throw RoadsteadError(
                .conflict, "\(document.id) is in no deployment group",
                context: ["resource-id": document.id.description])
        }
        try await scope.store.write { transaction in
            _ = try transaction.modify(document.id) { body in
                body = body.filter { !["deployment-set", "deployment-set-name", "app-set"].contains($0.key) }
            }
            try transaction.record(
                EventDraft(.action, verb: "detach", on: document.body, type: type.name, by: scope.requester))
        }
        return .message("detached", document.id.description)
    }

    /// The answer is a map of images in the job's status message.
    func checkTrust(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        let draft = JobDraft("dct_check", on: document.id, by: scope.requester)
        let job = try await scope.store.write { transaction in
            try transaction.unfinishedJob(action: draft.action, target: draft.target) ?? transaction.enqueue(draft).id
        }
        return .operation(.accepted(draft.action, document.id.description, job: job.description))
    }
}
