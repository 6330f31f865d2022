import RoadsteadBasics

/// Who may do what with a collection as a whole; fixed by its type. Administrators pass always.
public struct CollectionAccess: Sendable, Hashable {
    public var query: [String]
    public var add: [String]
    public var bulkDelete: [String]
    public var bulkAction: [String]

    public init(query: [String] = [], add: [String] = [], bulkDelete: [String] = [], bulkAction: [String] = []) {
        self.query = query
        self.add = add
        self.bulkDelete = bulkDelete
        self.bulkAction = bulkAction
    }

    /// Logged-in users list and add; what they see is a matter of each resource's own list.
    public static let users = CollectionAccess(query: [Principal.user], add: [Principal.user])

    public static func allows(_ principals: [String], _ claims: Set<String>) -> Bool {
        claims.contains(Principal.admin) || principals.contains(where: claims.contains)
    }

    public var json: JSONValue {
        let lists = [("query", query), ("add", add), ("bulk-delete", bulkDelete), ("bulk-action", bulkAction)]
        return .object(JSONObject(lists.filter { !$0.1.isEmpty }.map { ($0.0, JSONValue($0.1)) }))
    }
}
