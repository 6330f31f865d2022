import GRDB
import RoadsteadBasics

/// A name that at most one document of a kind may hold, such as a user's login.
public struct UniqueKey: Sendable, Hashable {
    /// What kind of name: by custom the resource type, or type and attribute.
    public let type: String
    public let key: String

    public init(type: String, key: String) {
        self.type = type
        self.key = key
    }
}

extension StoreTransaction {
    /// Takes the key for a document, which keeps it until it is released or deleted.
    ///
    /// Throws conflict when another document holds it, notFound when there is no such document.
    public func reserve(_ key: UniqueKey, for id: ResourceID) throws {
        guard let row = try DocumentRows.key(id, in: database) else { throw DocumentRows.notFound(id) }
        let holder = try find(key)
        if holder == id { return }
        guard holder == nil else {
            throw RoadsteadError(
                .conflict, "\(key.type) '\(key.key)' is taken; choose another one", context: ["type": key.type])
        }
        try database.cachedStatement(sql: "INSERT INTO unique_key (type, key, document) VALUES (?, ?, ?)")
            .execute(arguments: [key.type, key.key, row.sequence])
    }

    /// Gives the key back; nothing happens when nobody holds it.
    public func release(_ key: UniqueKey) throws {
        try database.cachedStatement(sql: "DELETE FROM unique_key WHERE type = ? AND key = ?")
            .execute(arguments: [key.type, key.key])
    }

    /// The document that holds the key.
    public func find(_ key: UniqueKey) throws -> ResourceID? { try DocumentRows.holder(of: key, in: database) }
}
