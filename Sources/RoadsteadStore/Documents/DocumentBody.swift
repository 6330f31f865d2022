import RoadsteadBasics
import RoadsteadModel

/// What the store reads out of a document's body to keep beside it in columns and side tables.
enum DocumentBody {
    /// The lists of an ACL whose members may not list the document.
    private static let blindRights: Set<String> = ["manage"]

    /// The principals that may list the document: owners and everyone with a right that implies `view-meta`, which in a
    /// normalised ACL are exactly `owners` and `view-meta`. Administrators, who list everything, are left out.
    static func principals(_ body: JSONObject) -> Set<String> {
        guard let acl = body["acl"]?.objectValue else { return [] }
        let lists = acl.members.filter { !blindRights.contains($0.key) }
        return Set(lists.flatMap { $0.value.arrayValue ?? [] }.compactMap(\.stringValue)).subtracting([Principal.admin])
    }

    /// The id that a new document carries, or a fresh one of its `resource-type`.
    static func id(_ body: JSONObject, ids: any IDSource) throws -> ResourceID {
        if let text = body["id"]?.stringValue {
            guard let id = ResourceID(text) else {
                throw RoadsteadError(.invalidInput, "id '\(text)' is not of the form type/identifier")
            }
            return id
        }
        guard let type = body["resource-type"]?.stringValue, let id = ResourceID("\(type)/\(ids.makeUUID())") else {
            throw RoadsteadError(.invalidInput, "a document needs an id or a resource-type to be stored")
        }
        return id
    }

    /// `body` with the attributes that every document has, those that the server sets first.
    static func completed(_ body: JSONObject, id: ResourceID, now: Instant) -> JSONObject {
        var complete: JSONObject = ["id": .string(id.description), "resource-type": .string(id.type)]
        complete["created"] = body["created"] ?? .string(now.description)
        complete["updated"] = body["updated"] ?? .string(now.description)
        return complete.merging(body.filter { $0.key != "operations" && $0.key != "id" && $0.key != "resource-type" })
    }

    static func instant(_ name: String, in body: JSONObject, default now: Instant) -> Instant {
        body[name]?.stringValue.flatMap(Instant.init(rfc3339:)) ?? now
    }
}
