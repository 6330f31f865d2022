import GRDB
import RoadsteadBasics

/// Reads rows of the `document` table.
enum DocumentRows {
    struct Key {
        let sequence: Int64
        let revision: Int64
    }

    static func find(_ id: ResourceID, in database: Database) throws -> StoredDocument? {
        let statement = try database.cachedStatement(sql: "SELECT revision, body FROM document WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return nil }
        return StoredDocument(id: id, revision: row[0], body: try body(row[1], of: id.description))
    }

    static func key(_ id: ResourceID, in database: Database) throws -> Key? {
        let statement = try database.cachedStatement(sql: "SELECT seq, revision FROM document WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return nil }
        return Key(sequence: row[0], revision: row[1])
    }

    /// The whole row, to write it anew or to remove it.
    struct Held {
        let place: DocumentIndex.Place
        let revision: Int64
        let body: JSONObject
    }

    static func held(_ id: ResourceID, in database: Database) throws -> Held? {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, revision, created, updated, body FROM document WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return nil }
        return Held(
            place: DocumentIndex.Place(sequence: row[0], type: id.type, created: row[2], updated: row[3]),
            revision: row[1], body: try body(row[4], of: id.description))
    }

    static func holder(of key: UniqueKey, in database: Database) throws -> ResourceID? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT d.id FROM unique_key k JOIN document d ON d.seq = k.document WHERE k.type = ? AND k.key = ?
                """)
        return try String.fetchOne(statement, arguments: [key.type, key.key]).flatMap { ResourceID($0) }
    }

    /// A row of `SELECT id, revision, body`.
    static func document(_ row: SQLRow) throws -> StoredDocument {
        try document(row.text(0), revision: row.integer(1), text: row.text(2))
    }

    /// Throws `internal` when the row is damaged.
    static func document(_ text: String, revision: Int64, text body: String) throws -> StoredDocument {
        guard let id = ResourceID(text) else {
            throw RoadsteadError(.internal, "the store holds a document with the malformed id '\(text)'")
        }
        return StoredDocument(id: id, revision: revision, body: try Self.body(body, of: text))
    }

    /// The document, without GRDB's rows.
    static func find(_ id: ResourceID, by reader: SQLReader) throws -> StoredDocument? {
        try reader.first("SELECT id, revision, body FROM document WHERE id = ?1", [.text(id.description)]) {
            try document($0)
        }
    }

    /// The document that holds the key.
    static func find(_ key: UniqueKey, by reader: SQLReader) throws -> StoredDocument? {
        let sql = """
            SELECT d.id, d.revision, d.body FROM unique_key k JOIN document d ON d.seq = k.document
            WHERE k.type = ?1 AND k.key = ?2
            """
        return try reader.first(sql, [.text(key.type), .text(key.key)]) { try document($0) }
    }

    static func notFound(_ id: ResourceID) -> RoadsteadError {
        RoadsteadError(.notFound, "\(id) not found", context: ["resource-id": id.description])
    }

    static func body(_ text: String, of id: String) throws -> JSONObject {
        do {
            guard case .object(let body) = try JSONValue.parse(text) else {
                throw RoadsteadError(.internal, "the stored document \(id) is no JSON object")
            }
            return body
        } catch let error as JSONParseError {
            throw RoadsteadError(.internal, "the stored document \(id) is damaged", cause: error)
        }
    }
}
