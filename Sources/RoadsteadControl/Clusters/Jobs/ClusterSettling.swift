import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// What the end of a job means for its cluster.
enum ClusterSettling {
    /// The job's cluster, unless it is gone or something else was begun meanwhile: a terminate cancels what is under way,
    /// whose end must not undo its state.
    static func current(
        _ job: StoredDocument, _ operation: ClusterOperation, in transaction: StoreTransaction
    ) throws -> ClusterDocument? {
        guard let id = job["target-resource"]?["href"]?.stringValue.flatMap({ ResourceID($0) }),
            let document = try transaction.find(id)
        else { return nil }
        let cluster = ClusterDocument(document)
        // A making registers the cluster as ready before the job ends.
        let isRegistered = operation == .create && cluster.state == .ready
        return cluster.state == operation.stateWhileRunning || isRegistered ? cluster : nil
    }

    /// `isUntouched`: no machine was so much as written down.
    static func settle(
        _ document: inout JSONObject, _ operation: ClusterOperation, _ end: JobEnd, isUntouched: Bool
    ) {
        let state = ClusterDocument.state(of: document)
        // It is ready, whatever became of the job after that.
        guard !(operation == .create && state == .ready) else { return }
        let isDone = end.state == .success
        // What was refused before anybody was asked for anything leaves nothing to take back.
        let isBegun = isDone || operation != .create || !isUntouched
        let next = isBegun ? state.ending(operation, succeeded: isDone) : .created
        document["state"] = .string(next.rawValue)
        document["state-message"] = isDone ? .none : .string(DeploymentHealth.cut(end.message))
        guard isDone else { return }
        switch operation {
        case .apply: document["applied"] = document["specification"]
        case .upgrade:
            if let live = try? ClusterDocument.upgraded(document) { document["applied"] = .object(live.json) }
        case .undo, .terminate: forget(&document)
        default: break
        }
    }

    /// What was of the machines that are gone.
    private static func forget(_ document: inout JSONObject) {
        let gone: Set<String> = [
            "applied", "swarm-id", "authority", ClusterSecrets.authorityKey, "ssh-public-key", ClusterSecrets.sshKey,
            ClusterSecrets.autolockKey, "seen-from", "things", "left-hosts",
        ]
        document = document.filter { !gone.contains($0.key) }
    }

    /// How an operation ended, for those who see the cluster's other events.
    static func event(
        _ operation: ClusterOperation, _ job: StoredDocument, _ end: JobEnd, on cluster: StoredDocument
    ) -> EventDraft {
        let isDone = end.state == .success
        let name = cluster["name"]?.stringValue ?? cluster.id.identifier
        let list = cluster["acl"].flatMap { try? AccessList(json: $0) }
        let first = end.message.split(separator: "\n").first.map(String.init) ?? ""
        var event = EventDraft(
            name: "cluster.state", category: .state, resource: cluster.id,
            text: "\(operation.rawValue) of cluster \(name) \(isDone ? "is done" : "failed"): "
                + DeploymentHealth.cut(first),
            isSuccess: isDone, by: EventDraft.Authentication(userID: job["created-by"]?.stringValue),
            visibleTo: Set(list?.owners ?? []).union(list?.grants[.editData] ?? []))
        event.state = cluster["state"]?.stringValue
        event.severity = isDone ? .low : .high
        event.linked = [job.id]
        return event
    }
}
