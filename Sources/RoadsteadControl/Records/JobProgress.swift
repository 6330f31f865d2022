import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// Follows one job: its document now, again at each change, and for the last time in its final state.
struct JobProgress {
    let scope: RequestScope
    let job: ResourceID

    /// Ends after a final state, and when the job is removed or the server stops. Cancelling the reader ends it too.
    func stream() -> AsyncThrowingStream<JSONObject, any Error> {
        // Subscribed before the first read, so that no change falls between the two.
        let changes = scope.store.changes(of: job)
        return AsyncThrowingStream { continuation in
            // The stream outlives the request's function; the task ends with the stream.
            let task = Task {
                do {
                    try await follow(changes) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func follow(_ changes: AsyncStream<DocumentChange>, _ yield: (JSONObject) -> Void) async throws {
        if try await tell(yield) { return }
        for await _ in changes where try await tell(yield) { return }
    }

    /// True when there will be no more news. Throws `forbidden` when the caller's session has ended meanwhile.
    private func tell(_ yield: (JSONObject) -> Void) async throws -> Bool {
        try await scope.checkSession()
        guard let document = try await scope.store.find(job) else { return true }
        let rights = scope.rights(on: document.body)
        guard let visible = AttributeVisibility.visible(document.body, rights: rights) else { return true }
        yield(visible)
        return JobRules.state(of: document.body)?.isFinal ?? true
    }
}
