import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The directory of collections that clients read first: `/api/cloud-entry-point`. What administrators say about it
/// (name, description, tags) is kept in the store.
public struct CloudEntryPoint: Sendable {
    private static let stored = ResourceID(type: "cloud-entry-point", identifier: "cloud-entry-point")
    private static let editable: Set<String> = ["name", "description", "tags"]
    private static let schema = Schema(CommonAttributes.list.filter { editable.contains($0.name) })

    private let collections: JSONValue
    private let created: Instant

    public init(catalog: ResourceCatalog, created: Instant) {
        let names = (catalog.names + ["cloud-entry-point"]).sorted()
        collections = .object(JSONObject(names.map { ($0, JSONValue.object(["href": .string($0)])) }))
        self.created = created
    }

    /// `base-uri` ends in `/`: clients put the rest behind it as it is.
    public func document(in scope: RequestScope) async throws -> JSONObject {
        document(try await scope.store.find(Self.stored)?.body ?? [:], in: scope)
    }

    private func document(_ stored: JSONObject, in scope: RequestScope) -> JSONObject {
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: [Principal.anonymous]])
        let moment = JSONValue.string(created.description)
        var document: JSONObject = [
            "id": "cloud-entry-point", "resource-type": "cloud-entry-point", "created": stored["created"] ?? moment,
            "updated": stored["updated"] ?? moment, "base-uri": .string(scope.baseURI), "collections": collections,
            "acl": access.normalized().json,
        ]
        if mayEdit(scope.requester) { document["operations"] = [Operation.json("edit", href: "cloud-entry-point")] }
        return document.merging(stored.filter { Self.editable.contains($0.key) })
    }

    private func mayEdit(_ requester: Requester) -> Bool {
        requester.isAdmin && requester.permits("edit", type: "cloud-entry-point", id: "cloud-entry-point")
    }

    /// For administrators. What cannot be set is left out in silence, as in every edit. Answers the document.
    public func edit(_ body: JSONObject, removing select: [String], in scope: RequestScope) async throws -> JSONObject {
        guard mayEdit(scope.requester) else { throw RoadsteadError.forbidden("cloud-entry-point") }
        let changes = body.filter { Self.editable.contains($0.key) }
        try Self.schema.check(changes, as: "cloud-entry-point")
        let document = try await scope.store.write { transaction in
            guard try transaction.find(Self.stored) != nil else {
                let access = AccessList(owners: [Principal.admin]).normalized().json
                return try transaction.insert(
                    JSONObject([("id", .string(Self.stored.description)), ("acl", access)]).merging(changes))
            }
            return try transaction.modify(Self.stored) { stored in
                stored = stored.filter { !select.contains($0.key) || !Self.editable.contains($0.key) }.merging(changes)
            }
        }
        return self.document(document.body, in: scope)
    }
}
