import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension JobDraft {
    /// A job that a user's action makes: administrators own it, whoever asked may see and cancel it.
    init(_ action: String, on target: ResourceID, by requester: Requester, payload: JSONObject = [:]) {
        let access = AccessList(
            owners: [Principal.admin],
            grants: [.viewACL: [requester.activeClaim], .manage: [requester.activeClaim]])
        self.init(
            action: action, target: target, acl: access.normalized().json.objectValue ?? [:],
            createdBy: requester.author)
        if !payload.isEmpty { self.payload = .object(payload) }
    }

    /// Tries the credential against its service.
    static func credentialCheck(_ credential: ResourceID, by requester: Requester) -> JobDraft {
        JobDraft("credential_check", on: credential, by: requester)
    }
}
