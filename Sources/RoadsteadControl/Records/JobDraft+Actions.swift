import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension JobDraft {
    /// A job that a user's action makes: administrators own it, whoever asked may see and cancel it, and so may those who
    /// own or manage what it is at work on (`document`): they are told of it when it stands in their way.
    init(
        _ action: String, on target: ResourceID, by requester: Requester, payload: JSONObject = [:],
        of document: JSONObject = [:]
    ) {
        let list = document["acl"].flatMap { try? AccessList(json: $0).normalized() }
        let people = Set(list?.owners ?? []).union(list?.grants[.manage] ?? []).union([requester.activeClaim])
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: people, .manage: people])
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
