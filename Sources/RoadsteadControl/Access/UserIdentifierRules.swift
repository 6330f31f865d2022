import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Names to log in with. Administrators add them; users see their own.
struct UserIdentifierRules: ResourceRules {
    let type = ResourceType.userIdentifier
    let isShownAsStored = true

    /// The id is made of the name, so that a second one is a conflict. The list is the server's, whatever the request says.
    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        guard let name = body["identifier"]?.stringValue, (1...254).contains(name.utf8.count),
            let user = body["parent"]?.stringValue
        else {
            throw RoadsteadError(
                .invalidInput, "a user-identifier needs an identifier of at most 254 bytes and a user as its parent")
        }
        guard let id = ResourceID(user), id.type == "user", try await scope.store.find(id) != nil else {
            throw RoadsteadError(.invalidInput, "there is no user '\(user)'")
        }
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: [user]])
        return ResourceDraft(body, identifier: NameBasedUUID.make(name), access: access)
    }
}
