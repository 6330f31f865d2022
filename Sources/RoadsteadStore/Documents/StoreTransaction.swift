import GRDB
import RoadsteadBasics
import RoadsteadModel

/// What may be done within one transaction of the store: all of it happens, or none.
///
/// It lives as long as the closure that received it. It is fast and must stay so: no network call belongs inside, and as
/// the closure may run again after another one failed beside it, it must do nothing but read and write the store.
public final class StoreTransaction {
    let database: Database
    public let ids: any IDSource
    /// The moment that this transaction stamps on what it writes.
    public let now: Instant
    private(set) var changes: [DocumentChange] = []

    init(database: Database, now: Instant, ids: any IDSource) {
        self.database = database
        self.now = now
        self.ids = ids
    }

    /// The document, or nil when there is none.
    public func find(_ id: ResourceID) throws -> StoredDocument? {
        try DocumentRows.find(id, in: database)
    }

    /// The document; throws notFound when there is none.
    public func get(_ id: ResourceID) throws -> StoredDocument {
        guard let document = try find(id) else { throw DocumentRows.notFound(id) }
        return document
    }

    public func query(_ query: DocumentQuery) throws -> DocumentPage { try query.run(in: database) }

    /// Stores a new document and completes it with `id`, `created` and `updated` where they are missing.
    ///
    /// Throws conflict when the id is taken.
    @discardableResult
    public func insert(_ body: JSONObject) throws -> StoredDocument {
        let id = try DocumentBody.id(body, ids: ids)
        let complete = DocumentBody.completed(body, id: id, now: now)
        guard try find(id) == nil else { throw RoadsteadError(.conflict, "\(id) exists already") }
        let statement = try database.cachedStatement(
            sql: "INSERT INTO document (id, type, revision, created, updated, body) VALUES (?, ?, 1, ?, ?, ?)")
        try statement.execute(arguments: [
            id.description, id.type,
            DocumentBody.instant("created", in: complete, default: now).millisecondsSinceEpoch,
            DocumentBody.instant("updated", in: complete, default: now).millisecondsSinceEpoch,
            JSONValue.object(complete).text(),
        ])
        try grant(DocumentBody.principals(complete), to: database.lastInsertedRowID)
        changes.append(DocumentChange(id: id, kind: .inserted, revision: 1))
        return StoredDocument(id: id, revision: 1, body: complete)
    }

    /// Stores a new body for a document that was read before, and sets its `updated`.
    ///
    /// Throws conflict when somebody else wrote it since, notFound when it is gone.
    @discardableResult
    public func update(_ document: StoredDocument) throws -> StoredDocument {
        guard let row = try DocumentRows.key(document.id, in: database) else {
            throw DocumentRows.notFound(document.id)
        }
        guard row.revision == document.revision else {
            throw RoadsteadError(
                .conflict, "\(document.id) was changed by somebody else meanwhile; read it again and repeat the change")
        }
        var body = document.body
        body["updated"] = .string(now.description)
        body = DocumentBody.completed(body, id: document.id, now: now)
        let revision = row.revision + 1
        try database.cachedStatement(sql: "UPDATE document SET revision = ?, updated = ?, body = ? WHERE seq = ?")
            .execute(arguments: [
                revision, now.millisecondsSinceEpoch, JSONValue.object(body).text(), row.sequence,
            ])
        try regrant(DocumentBody.principals(body), to: row.sequence)
        changes.append(DocumentChange(id: document.id, kind: .updated, revision: revision))
        return StoredDocument(id: document.id, revision: revision, body: body)
    }

    /// Reads the document, lets `change` work on its body and stores it. Throws notFound.
    @discardableResult
    public func modify(_ id: ResourceID, _ change: (inout JSONObject) throws -> Void) throws -> StoredDocument {
        var document = try get(id)
        try change(&document.body)
        return try update(document)
    }

    /// Removes the document with its unique keys. Throws notFound, and conflict when `revision` is given and not held.
    public func delete(_ id: ResourceID, revision: Int64? = nil) throws {
        guard let row = try DocumentRows.key(id, in: database) else { throw DocumentRows.notFound(id) }
        guard revision == nil || revision == row.revision else {
            throw RoadsteadError(.conflict, "\(id) was changed by somebody else meanwhile; it was not deleted")
        }
        try database.cachedStatement(sql: "DELETE FROM document WHERE seq = ?").execute(arguments: [row.sequence])
        changes.append(DocumentChange(id: id, kind: .deleted, revision: row.revision))
    }

    private func grant(_ principals: Set<String>, to sequence: Int64) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO visibility (document, principal) VALUES (?, ?)")
        for principal in principals { try statement.execute(arguments: [sequence, principal]) }
    }

    private func regrant(_ principals: Set<String>, to sequence: Int64) throws {
        let statement = try database.cachedStatement(sql: "SELECT principal FROM visibility WHERE document = ?")
        guard try String.fetchSet(statement, arguments: [sequence]) != principals else { return }
        try database.cachedStatement(sql: "DELETE FROM visibility WHERE document = ?").execute(arguments: [sequence])
        try grant(principals, to: sequence)
    }
}
