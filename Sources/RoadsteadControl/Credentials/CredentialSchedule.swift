import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension JobSchedule {
    /// Looks at every Swarm credential once an hour, so that an expired certificate is known before somebody deploys.
    public static let credentialChecks = JobSchedule(name: "credential-checks", every: .seconds(3600)) { transaction in
        let query = DocumentQuery(type: "credential", filter: .equal("subtype", "infrastructure-service-swarm"))
        return try transaction.query(query).documents.map { credential in
            var draft = JobDraft.credentialCheck(credential.id, by: .system)
            draft.priority = JobDraft.backgroundPriority
            return draft
        }
    }
}
