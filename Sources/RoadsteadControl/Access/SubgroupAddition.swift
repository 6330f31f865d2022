import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `POST /api/group/<id>/add-subgroup {"group-identifier": …, "name"?, "description"?}`: a group below this one.
struct SubgroupAddition {
    let scope: RequestScope

    /// Groups below one root, at any depth.
    static let limit = 19

    /// The owners of the group above own the new one too; who made it is its first member. 201; 409 beyond the limit and
    /// when the identifier is taken.
    func perform(on document: StoredDocument, body: JSONObject) async throws -> ResourceAnswer {
        let group = try draft(below: document, body)
        let requester = scope.requester
        let id = group["id"]?.stringValue ?? ""
        try await scope.store.write { transaction in
            try Self.checkLimit(document, transaction)
            if let taken = ResourceID(id), try transaction.find(taken) != nil {
                throw RoadsteadError(.conflict, "conflict with \(id)", context: ["resource-id": id])
            }
            try transaction.insert(group)
            try transaction.record(EventDraft(.add, verb: "add", on: group, type: "group", by: requester))
        }
        return .operation(.created(id))
    }

    private func draft(below parent: StoredDocument, _ body: JSONObject) throws -> JSONObject {
        if let unknown = body.keys.first(where: { !["group-identifier", "name", "description"].contains($0) }) {
            throw RoadsteadError(
                .invalidInput, "\(unknown) is not known here; give group-identifier, name, description")
        }
        guard let identifier = body["group-identifier"]?.stringValue, ResourceType.isGroupIdentifier(identifier) else {
            throw RoadsteadError(
                .invalidInput, "group-identifier must be kebab-case and begin with a letter, such as ops-night")
        }
        try GroupRules.checkReserved(identifier, by: scope.requester)
        let id = "group/" + identifier
        let moment = JSONValue.string(scope.now.description)
        var group: JSONObject = [
            "id": .string(id), "resource-type": "group", "created": moment, "updated": moment,
            "created-by": .string(scope.requester.author), "users": JSONValue(GroupRules.members(scope.requester)),
            "parents": JSONValue(Membership.parents(parent.body) + [parent.id.description]),
            "acl": try access(id, below: parent).normalized().json,
        ]
        group = group.merging(body.filter { $0.key != "group-identifier" })
        try ResourceType.group.check(group)
        return group
    }

    private func access(_ id: String, below parent: StoredDocument) throws -> AccessList {
        let above = try parent["acl"].map { try AccessList(json: $0).owners } ?? []
        let makers = [scope.requester.userID].compactMap { $0 }.filter {
            Principal.isWellFormed($0) && !above.contains($0)
        }
        return GroupRules.seen(AccessList(owners: makers + above), by: id)
    }

    private static func checkLimit(_ parent: StoredDocument, _ transaction: StoreTransaction) throws {
        let root = Membership.parents(parent.body).first ?? parent.id.description
        // The group above may have gone since it was read.
        _ = try transaction.get(parent.id)
        guard try Membership(transaction: transaction).descendants(of: root).count < limit else {
            throw RoadsteadError(
                .conflict, "\(root) has \(limit) subgroups already, which is the most that a group may have",
                context: ["resource-id": parent.id.description])
        }
    }
}
