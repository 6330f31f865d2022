import RoadsteadBasics
import RoadsteadStore

extension StoreTransaction {
    /// Cancels a job that is queued or running: its document is `CANCELED` at once, its runner stops the work and lets
    /// the handler settle it. Maps to `POST /api/job/<id>/cancel`.
    ///
    /// Throws notFound, and conflict when the job has ended already.
    @discardableResult
    public func cancelJob(_ id: ResourceID, message: String = "cancelled") throws -> StoredDocument {
        let end = JobEnd(state: .cancelled, message: message, returnCode: JobEnd.cancelled.returnCode)
        let document = try editJob(id) { try $0.finish(end, at: now) }
        _ = try markJobCancelled(id)
        return document
    }

    /// Lets the state machine work on a job's document and stores it, unless nothing changed.
    @discardableResult
    func editJob(_ id: ResourceID, _ edit: (inout JobStateMachine) throws -> Void) throws -> StoredDocument {
        var document = try get(id)
        var machine = JobStateMachine(body: document.body)
        try edit(&machine)
        guard machine.body != document.body else { return document }
        document.body = machine.body
        return try update(document)
    }
}
