import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Log lines of a deployment's services, fetched by a job each time that a client asks for more.
struct ResourceLogRules: ResourceRules {
    let type = ResourceType.resourceLog

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        if let parent = document["parent"]?.stringValue.flatMap({ ResourceID($0) }) {
            _ = try await scope.get(parent, with: .manage)
        }
        var draft = JobDraft("fetch_deployment_log", on: document.id, by: scope.requester)
        draft.acl =
            AccessList(
                owners: [Principal.admin], grants: [.viewACL: [scope.requester.session ?? scope.requester.activeClaim]]
            )
            .normalized().json.objectValue ?? [:]
        let job = try await scope.store.write { [draft] transaction in
            try transaction.unfinishedJob(action: draft.action, target: draft.target) ?? transaction.enqueue(draft).id
        }
        return .operation(.accepted(draft.action, document.id.description, job: job.description))
    }
}

/// The document of a log before its first lines.
enum ResourceLog {
    static let largestLineCount: Int64 = 10_000

    /// `body`: `components` (also as Python's helper says it: `service`), `since`, `lines`.
    static func document(
        for deployment: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) throws(RoadsteadError) -> JSONObject {
        let access = AccessList(
            owners: [Principal.admin], grants: [.editACL: [scope.requester.session ?? scope.requester.activeClaim]])
        let moment = JSONValue.string(scope.now.description)
        var log: JSONObject = [
            "id": .string("resource-log/" + scope.context.ids.makeUUID()), "resource-type": "resource-log",
            "created": moment, "updated": moment, "created-by": .string(scope.requester.author),
            "parent": .string(deployment.id.description),
            "components": body["components"] ?? components(body["service"]),
            "acl": access.normalized().json,
        ]
        for name in ["since", "lines"] { log[name] = body[name] }
        try ResourceType.resourceLog.check(log)
        return log
    }

    private static func components(_ service: JSONValue?) -> JSONValue {
        guard let name = service?.stringValue else { return [] }
        return [.string(name.split(separator: "/").last.map(String.init) ?? name)]
    }
}
