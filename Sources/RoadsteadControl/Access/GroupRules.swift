import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Groups of users. The creator owns a group and is its first member.
struct GroupRules: ResourceRules {
    let type = ResourceType.group

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        guard let identifier = body["group-identifier"]?.stringValue, let user = scope.requester.userID else {
            throw RoadsteadError(.invalidInput, "a new group needs template.group-identifier")
        }
        var group = body.filter { CommonAttributes.wrapper.contains($0.key) && $0.key != "acl" }
        group["users"] = JSONValue([user])
        let access = AccessList(owners: [user], grants: [.viewACL: ["group/" + identifier]])
        return ResourceDraft(group, identifier: identifier, access: access)
    }

    /// Members and the group itself may always see that it exists.
    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        var edited = document.filter { !removed.contains($0.key) || $0.key == "users" }.merging(changes)
        let members = edited["users"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if var access = try edited["acl"].map({ try AccessList(json: $0) }) {
            access.grants[.viewMeta, default: []].formUnion(members + [document["id"]?.stringValue].compactMap { $0 })
            edited["acl"] = access.normalized().json
        }
        return ResourceEdit(edited)
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        guard !Principal.builtInGroups.contains(document.id.description) else {
            throw RoadsteadError(
                .conflict, "\(document.id) is built in and stays", context: ["resource-id": document.id.description])
        }
    }
}
