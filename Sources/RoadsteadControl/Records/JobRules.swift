import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// Jobs as people see them: listed, watched, cancelled. Actions make them; administrators may add and edit them too.
struct JobRules: ResourceRules {
    let type = ResourceType.job

    func defaultAccess(_ body: JSONObject, in scope: RequestScope) -> AccessList {
        AccessList(owners: [Principal.admin])
    }

    /// A job that an administrator adds is queued like any other; one that an edge pulls waits for the edge.
    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let target = body["target-resource"]?["href"]?.stringValue.flatMap { ResourceID($0) }
        guard let target, let action = body["action"]?.stringValue else {
            throw RoadsteadError(.invalidInput, "a job needs action and target-resource.href, the id of a resource")
        }
        var job = body
        job["state"] = "QUEUED"
        job["progress"] = 0
        job["version"] = 2
        job["priority"] = body["priority"] ?? .integer(999)
        job["execution-mode"] = body["execution-mode"] ?? "push"
        job["affected-resources"] = body["affected-resources"] ?? [["href": .string(target.description)]]
        let priority = job["priority"]?.integerValue.map(Int.init) ?? 999
        let isOurs = job["execution-mode"] != "pull"
        return ResourceDraft(job) { document, transaction in
            guard isOurs, let id = document["id"]?.stringValue.flatMap({ ResourceID($0) }) else { return }
            try transaction.queue(id, action: action, target: target, priority: priority)
        }
    }

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        var edit = JobEdit(document)
        try edit.apply(changes, removed: removed, at: scope.now)
        let state = Self.state(of: edit.body)
        return ResourceEdit(edit.body) { body, transaction in
            guard state?.isFinal ?? false, let id = body["id"]?.stringValue.flatMap({ ResourceID($0) }) else { return }
            // Whoever runs it stops: told so, or by losing the lease with the entry.
            if state == .cancelled { _ = try transaction.markJobCancelled(id) } else { try transaction.dequeueJob(id) }
        }
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        let state = Self.state(of: document)
        return switch operation {
        case "cancel", "edit": !(state?.isFinal ?? true)
        case "timeout": state == .running
        default: true
        }
    }

    static func state(of document: JSONObject) -> JobState? {
        document["state"]?.stringValue.flatMap(JobState.init(rawValue:))
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        switch action {
        case "cancel": return try await end(document, by: action, message: "cancelled", in: scope)
        case "timeout":
            guard scope.requester.isAdmin else { throw .forbidden(document.id.description) }
            return try await end(document, by: action, message: "ended because it took too long", in: scope)
        case "get-context": return .value(try await JobResources(scope: scope).context(of: document))
        case "stream": return ResourceAnswer(.progress(JobProgress(scope: scope, job: document.id).stream()))
        default: throw RoadsteadError.noSuchAction(action, document.id.description)
        }
    }

    /// A job in another state answers 403, as in the dialect.
    private func end(
        _ document: StoredDocument, by action: String, message: String, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard offers(action, on: document.body) else {
            throw RoadsteadError(
                .forbidden,
                "\(document.id) is \(document["state"]?.stringValue ?? "over"); '\(action)' cannot be called on it now",
                context: ["resource-id": document.id.description])
        }
        let ended = try await scope.store.write { try $0.cancelJob(document.id, message: message) }
        return .document(ended.body.filter { $0.key != "acl" || scope.rights(on: ended.body).contains(.viewACL) })
    }
}
