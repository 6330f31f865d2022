import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Groups of users. The creator owns a group and is its first member.
struct GroupRules: ResourceRules {
    let type = ResourceType.group

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        guard let identifier = body["group-identifier"]?.stringValue else {
            throw RoadsteadError(.invalidInput, "a new group needs template.group-identifier")
        }
        try Self.checkReserved(identifier, by: scope.requester)
        var group = body.filter { CommonAttributes.wrapper.contains($0.key) && $0.key != "acl" }
        group["parent"] = nil
        group["users"] = JSONValue(Self.members(scope.requester))
        var access =
            try body["acl"].map { try AccessList(json: $0) } ?? AccessList(owners: [scope.requester.activeClaim])
        if let user = scope.requester.userID, Principal.isWellFormed(user), !access.owners.contains(user) {
            access.owners.append(user)
        }
        return ResourceDraft(group, identifier: identifier, access: Self.seen(access, by: "group/" + identifier))
    }

    /// Names that begin so are the server's own.
    static func checkReserved(_ identifier: String, by requester: Requester) throws(RoadsteadError) {
        guard !identifier.hasPrefix("nuvla-") || requester.isAdmin else {
            throw RoadsteadError(
                .invalidInput, "group-identifier '\(identifier)' is reserved: names must not begin with 'nuvla-'")
        }
    }

    /// The creator, when it is a user and no service.
    static func members(_ requester: Requester) -> [String] {
        [requester.userID].compactMap { $0 }.filter { $0.hasPrefix("user/") }
    }

    /// The group sees all of itself, VPN services see its members.
    static func seen(_ access: AccessList, by group: String) -> AccessList {
        access.granting(.viewACL, to: group).granting(.viewData, to: Principal.vpn)
    }

    /// Members and the group itself may always see that it exists. Sessions of those who are no members any more end.
    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        var edited = document.filter { !removed.contains($0.key) || $0.key == "users" }.merging(changes)
        let members = Membership.users(edited)
        if var access = try edited["acl"].map({ try AccessList(json: $0) }) {
            access.grants[.viewMeta, default: []].formUnion(members + [document["id"]?.stringValue].compactMap { $0 })
            edited["acl"] = access.normalized().json
        }
        let leavers = Set(Membership.users(document)).subtracting(members)
        let isAdministrators = document["id"]?.stringValue == Principal.admin
        return ResourceEdit(edited) { _, transaction in
            if isAdministrators { try Administrators(transaction: transaction).requireSomebody() }
            for user in leavers.sorted() { try SessionEnding(transaction: transaction).endStrangers(user) }
        }
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        let id = document.id.description
        guard !Principal.builtInGroups.contains(id) else {
            throw RoadsteadError(.conflict, "\(id) is built in and stays", context: ["resource-id": id])
        }
        let below = try Membership(transaction: transaction).descendants(of: id)
        guard below.isEmpty else {
            let names = below.prefix(5).map(\.id.description).joined(separator: ", ")
            throw RoadsteadError(
                .conflict, "\(id) has subgroups (\(names)); delete those first", context: ["resource-id": id])
        }
        try SessionEnding(transaction: transaction).end(ofGroup: id)
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        guard operation == "delete" else { return true }
        return !Principal.builtInGroups.contains(document["id"]?.stringValue ?? "")
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        switch action {
        case "add-subgroup": return try await SubgroupAddition(scope: scope).perform(on: document, body: body)
        case "invite": return try await GroupInvitation(scope: scope).invite(to: document, body: body)
        // Invitations wait for an answer by e-mail, which this server does not send yet: none is ever pending.
        case "get-pending-invitations": return .value([])
        case "revoke-invitation": throw try GroupInvitation.unknown(body)
        default: throw RoadsteadError.noSuchAction(action, document.id.description)
        }
    }
}
