import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// Jobs as people see them: listed, watched, cancelled. They are made by actions only.
struct JobRules: ResourceRules {
    let type = ResourceType.job

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        guard operation == "cancel" else { return true }
        return !(Self.state(of: document)?.isFinal ?? true)
    }

    static func state(of document: JSONObject) -> JobState? {
        document["state"]?.stringValue.flatMap(JobState.init(rawValue:))
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        switch action {
        case "cancel": return try await cancel(document, in: scope)
        case "stream": return ResourceAnswer(.progress(JobProgress(scope: scope, job: document.id).stream()))
        default: throw RoadsteadError.noSuchAction(action, document.id.description)
        }
    }

    /// A job in a final state answers 403, as in the dialect.
    private func cancel(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        guard offers("cancel", on: document.body) else {
            throw RoadsteadError(
                .forbidden,
                "\(document.id) is \(document["state"]?.stringValue ?? "over") and cannot be cancelled any more",
                context: ["resource-id": document.id.description])
        }
        let cancelled = try await scope.store.write { try $0.cancelJob(document.id) }
        return .document(
            cancelled.body.filter { $0.key != "acl" || scope.rights(on: cancelled.body).contains(.viewACL) })
    }
}
