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

    /// Runs without a limit of time: writers wait for it, so it must be one that an index answers.
    public func query(_ query: DocumentQuery) throws -> DocumentPage {
        try QueryRun(query, SQLReader(database)) { try DocumentRows.document($0) }.page()
    }

    /// Stores a new document with this moment as `updated`, and completes it with `id` and `created` where they are missing.
    ///
    /// Moments of other clocks do not count as `updated`: who follows a collection goes on from the newest that it saw, and
    /// would miss a document that is committed later with an older one.
    ///
    /// Throws conflict when the id is taken.
    @discardableResult
    public func insert(_ body: JSONObject) throws -> StoredDocument {
        let id = try DocumentBody.id(body, ids: ids)
        var complete = DocumentBody.completed(body, id: id, now: now)
        complete["updated"] = .string(now.description)
        guard try find(id) == nil else { throw RoadsteadError(.conflict, "\(id) exists already") }
        let created = DocumentBody.instant("created", in: complete, default: now).millisecondsSinceEpoch
        let updated = now.millisecondsSinceEpoch
        try SQLReader.run(
            "INSERT INTO document (id, type, revision, created, updated, body) VALUES (?, ?, 1, ?, ?, ?)",
            [
                .text(id.description), .text(id.type), .integer(created), .integer(updated),
                .text(JSONValue.object(complete).text()),
            ], in: database)
        let place = DocumentIndex.Place(
            sequence: database.lastInsertedRowID, type: id.type, created: created, updated: updated)
        try DocumentIndex(complete).insert(at: place, in: database)
        changes.append(DocumentChange(id: id, kind: .inserted, revision: 1))
        return StoredDocument(id: id, revision: 1, body: complete)
    }

    /// Stores a new body for a document that was read before, and sets its `updated`.
    ///
    /// Throws conflict when somebody else wrote it since, notFound when it is gone.
    @discardableResult
    public func update(_ document: StoredDocument) throws -> StoredDocument {
        guard let held = try DocumentRows.held(document.id, in: database) else {
            throw DocumentRows.notFound(document.id)
        }
        guard held.revision == document.revision else {
            throw RoadsteadError(
                .conflict, "\(document.id) was changed by somebody else meanwhile; read it again and repeat the change")
        }
        var body = document.body
        body["updated"] = .string(now.description)
        body = DocumentBody.completed(body, id: document.id, now: now)
        let revision = held.revision + 1
        let place = held.place.updated(at: now)
        try SQLReader.run(
            "UPDATE document SET revision = ?, updated = ?, body = ? WHERE seq = ?",
            [
                .integer(revision), .integer(place.updated), .text(JSONValue.object(body).text()),
                .integer(place.sequence),
            ], in: database)
        try DocumentIndex(body).replace(DocumentIndex(held.body), at: place, in: database)
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
        guard let held = try DocumentRows.held(id, in: database) else { throw DocumentRows.notFound(id) }
        guard revision == nil || revision == held.revision else {
            throw RoadsteadError(.conflict, "\(id) was changed by somebody else meanwhile; it was not deleted")
        }
        try DocumentIndex(held.body).delete(at: held.place, in: database)
        try SQLReader.run("DELETE FROM document WHERE seq = ?", [.integer(held.place.sequence)], in: database)
        changes.append(DocumentChange(id: id, kind: .deleted, revision: held.revision))
    }
}
