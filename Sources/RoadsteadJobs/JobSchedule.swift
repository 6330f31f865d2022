import RoadsteadBasics
import RoadsteadStore

/// Work that is queued again and again. Its times survive restarts; times missed while the server was down count once.
public struct JobSchedule: Sendable {
    /// Unique among the schedules of a store; a changed name starts anew.
    public let name: String
    public let every: Duration
    /// Makes the jobs that are due now. Drafts that are unique are left out while their like is unfinished.
    public let drafts: @Sendable (StoreTransaction) throws -> [JobDraft]

    public init(
        name: String, every: Duration, drafts: @escaping @Sendable (StoreTransaction) throws -> [JobDraft]
    ) {
        self.name = name
        self.every = every
        self.drafts = drafts
    }

    func enqueueIfDue(in transaction: StoreTransaction) throws {
        guard try transaction.takeScheduled(name, every: every) else { return }
        for draft in try drafts(transaction) {
            if draft.isUnique, try transaction.unfinishedJob(action: draft.action, target: draft.target) != nil {
                continue
            }
            try transaction.enqueue(draft)
        }
    }
}
