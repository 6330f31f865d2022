import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What the end of a job means for its deployment.
enum DeploymentSettling {
    /// Changes the deployment, unless it is gone or something else was begun meanwhile: a stop cancels a start, and the
    /// start's end must not undo the stop's state.
    static func settle(
        _ job: StoredDocument, _ operation: DeploymentOperation, in transaction: StoreTransaction,
        _ change: (inout JSONObject) throws -> Void
    ) throws {
        guard let deployment = try current(job, operation, in: transaction) else { return }
        try transaction.modify(deployment.id, change)
    }

    /// The job's deployment while it is in the state that the operation put it into.
    static func current(
        _ job: StoredDocument, _ operation: DeploymentOperation, in transaction: StoreTransaction
    ) throws -> StoredDocument? {
        guard let id = job["target-resource"]?["href"]?.stringValue.flatMap({ ResourceID($0) }),
            let deployment = try transaction.find(id),
            deployment["state"]?.stringValue == operation.stateWhileRunning?.rawValue
        else { return nil }
        return deployment
    }
}
