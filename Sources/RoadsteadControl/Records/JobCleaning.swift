import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `cleanup_jobs`: forgets jobs that ended more than seven days ago.
public struct CleanupJobsJob: JobHandler {
    public let action = "cleanup_jobs"

    static let age = Duration.seconds(7 * 86_400)
    /// Removed in one transaction, so that nobody else's write waits long.
    private static let batch = 200

    public init() {}

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let limit = context.clock.now - Self.age
        var count = 0
        while true {
            try context.checkCancelled()
            let removed = try await context.write { try Self.removeBatch(endedBefore: limit, in: $0) }
            count += removed
            if removed < Self.batch { break }
        }
        return .succeeded(message: "forgot \(count) job(s) that ended before \(limit)")
    }

    static func removeBatch(endedBefore limit: Instant, in transaction: StoreTransaction) throws -> Int {
        let isOver = Filter.oneOf("state", ["SUCCESS", "FAILED", "CANCELED"])
        let query = DocumentQuery(
            type: "job", filter: isOver && .compare("updated", .less, .date(limit)), last: batch)
        let jobs = try transaction.query(query).documents
        for job in jobs { try transaction.delete(job.id) }
        return jobs.count
    }
}

extension JobSchedule {
    /// Once a day.
    public static let jobCleaning = JobSchedule(name: "cleanup-jobs", every: .seconds(86_400)) { _ in
        var draft = JobDraft("cleanup_jobs", on: ServerSettings.id, by: .system)
        draft.priority = JobDraft.backgroundPriority
        return [draft]
    }
}
