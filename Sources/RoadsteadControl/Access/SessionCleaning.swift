import RoadsteadBasics
import RoadsteadJobs
import RoadsteadStore

extension JobSchedule {
    /// Removes the sessions whose time is over, every ten minutes. They let nobody in any more since they expired; what
    /// goes is only the document, which is why no job is made of it.
    public static let expiredSessions = JobSchedule(name: "expired-sessions", every: .seconds(600)) { transaction in
        try SessionEnding(transaction: transaction).endExpired(at: transaction.now)
        return []
    }
}
