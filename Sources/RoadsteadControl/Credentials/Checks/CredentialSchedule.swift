import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension JobSchedule {
    /// Tries every credential that can be tried once an hour, so that what has expired is known before somebody deploys.
    public static let credentialChecks = JobSchedule(name: "credential-checks", every: .seconds(3600)) { transaction in
        let query = DocumentQuery(
            type: "credential",
            filter: .oneOf("subtype", CheckedCredential.allCases.filter(\.isCheckedWhenAdded).map(\.rawValue)))
        return try transaction.query(query).documents.map { credential in
            var draft = JobDraft.credentialCheck(credential.id, by: .system)
            draft.priority = JobDraft.backgroundPriority
            return draft
        }
    }
}
