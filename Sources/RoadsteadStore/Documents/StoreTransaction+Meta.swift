import GRDB

extension StoreTransaction {
    /// A value that the program keeps about the store itself, such as a marker of work done once.
    public func meta(_ name: String) throws -> String? {
        try String.fetchOne(
            try database.cachedStatement(sql: "SELECT value FROM meta WHERE name = ?"), arguments: [name])
    }

    /// Never for secrets: they belong into documents, sealed.
    public func setMeta(_ name: String, _ value: String) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")
            .execute(arguments: [name, value])
    }
}
