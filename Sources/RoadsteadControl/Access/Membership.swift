import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Who belongs to which group: whoever is listed in it or in a group above it.
struct Membership {
    let transaction: StoreTransaction

    func isMember(_ user: String, of group: String) throws -> Bool {
        guard let id = ResourceID(group), id.type == "group", let document = try transaction.find(id) else {
            return false
        }
        if Self.users(document.body).contains(user) { return true }
        return try Self.parents(document.body).contains { parent in
            guard let id = ResourceID(parent), let ancestor = try transaction.find(id) else { return false }
            return Self.users(ancestor.body).contains(user)
        }
    }

    /// The groups below, at any depth.
    func descendants(of group: String) throws -> [StoredDocument] {
        try transaction.query(DocumentQuery(type: "group", filter: .equal("parents", .string(group)))).documents
    }

    static func users(_ group: JSONObject) -> [String] { texts(group["users"]) }

    static func parents(_ group: JSONObject) -> [String] { texts(group["parents"]) }

    private static func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
