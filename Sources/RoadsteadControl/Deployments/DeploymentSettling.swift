import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// What the end of a job means for its deployment.
enum DeploymentSettling {
    /// The job's deployment while it is in the state that the operation put it into; nil when it is gone, or something else
    /// was begun meanwhile: a stop cancels a start, and the start's end must not undo the stop's state.
    static func current(
        _ job: StoredDocument, _ operation: DeploymentOperation, in transaction: StoreTransaction
    ) throws -> StoredDocument? {
        guard let id = job["target-resource"]?["href"]?.stringValue.flatMap({ ResourceID($0) }),
            let deployment = try transaction.find(id),
            deployment["state"]?.stringValue == operation.stateWhileRunning?.rawValue
        else { return nil }
        return deployment
    }

    // MARK: - What the launch has left

    private static let formerState = "state-before"

    /// The payload with what the end of the job must know.
    static func payload(_ payload: JSONValue?, from state: DeploymentState) -> JSONValue {
        .object((payload?.objectValue ?? [:]).merging([formerState: .string(state.rawValue)]))
    }

    static func wasStarted(_ job: StoredDocument) -> Bool {
        payload(job)[formerState]?.stringValue == DeploymentState.started.rawValue
    }

    /// The dialect keeps it as JSON text.
    static func payload(_ job: StoredDocument) -> JSONValue {
        let value = job["payload"] ?? .null
        guard let text = value.stringValue else { return value }
        return (try? JSONValue.parse(text)) ?? .null
    }

    // MARK: - Timeline

    /// How an operation ended, as those see it who may see the deployment's other events. The lines after the first may be
    /// what containers wrote, and belong into no event.
    static func event(_ verb: String, _ job: StoredDocument, _ end: JobEnd, on deployment: StoredDocument) -> EventDraft
    {
        let name = deployment["name"]?.stringValue ?? deployment.id.identifier
        let isDone = end.state == .success
        let first = end.message.split(separator: "\n", omittingEmptySubsequences: true).first.map(String.init) ?? ""
        let number = isDone ? deployment["revision"]?.integerValue.map { " (revision \($0))" } ?? "" : ""
        let list = deployment["acl"].flatMap { try? AccessList(json: $0) }
        var event = EventDraft(
            name: "deployment.state", category: .state, resource: deployment.id,
            text:
                "\(verb) of deployment \(name) \(isDone ? "is done" : "failed")\(number): \(DeploymentHealth.cut(first))",
            isSuccess: isDone, by: EventDraft.Authentication(userID: job["created-by"]?.stringValue),
            visibleTo: Set(list?.owners ?? []).union(list?.grants[.editData] ?? []))
        event.state = deployment["state"]?.stringValue
        event.severity = isDone ? .low : .high
        event.linked = [job.id]
        return event
    }
}
