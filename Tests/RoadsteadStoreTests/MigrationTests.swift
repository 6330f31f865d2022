import GRDB
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// Files that were written by earlier formats, made here by the statements that made them then.
@Suite("Migration")
struct MigrationTests {
    /// Format 1 as it was released. Never edit it.
    private static let formatOne = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE document (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
            revision INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX document_by_type ON document (type, created);
        CREATE INDEX document_by_parent ON document (type, json_extract(body, '$.parent'))
            WHERE json_extract(body, '$.parent') IS NOT NULL;
        CREATE INDEX document_by_subject ON document (type, json_extract(body, '$.content.resource.href'))
            WHERE json_extract(body, '$.content.resource.href') IS NOT NULL;
        CREATE INDEX document_by_target ON document (type, json_extract(body, '$."target-resource".href'))
            WHERE json_extract(body, '$."target-resource".href') IS NOT NULL;
        CREATE TABLE visibility (
            document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE, principal TEXT NOT NULL,
            PRIMARY KEY (document, principal)) STRICT, WITHOUT ROWID;
        CREATE TABLE unique_key (
            type TEXT NOT NULL, key TEXT NOT NULL, document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
            PRIMARY KEY (type, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX unique_key_by_document ON unique_key (document);
        CREATE TABLE job_queue (
            document INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE, id TEXT NOT NULL,
            action TEXT NOT NULL, target TEXT NOT NULL, priority INTEGER NOT NULL, not_before INTEGER NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, leases INTEGER NOT NULL DEFAULT 0, owner TEXT, lease_until INTEGER,
            is_cancelled INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX job_queue_by_target ON job_queue (target, action);
        CREATE TABLE job_step (
            document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE, name TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (document, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE schedule (name TEXT PRIMARY KEY, next_run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO document VALUES
            (1, 'demo/1', 'demo', 3, 1793836800000, 1793836800000, '{"id":"demo/1","resource-type":"demo",\
        "created":"2026-11-05T00:00:00.000Z","updated":"2026-11-05T00:00:00.000Z","name":"Old One","parent":"user/p",\
        "acl":{"owners":["user/a"],"view-meta":["group/x"]}}'),
            (7, 'demo/7', 'demo', 1, 1793923200000, 1793923200000, '{"id":"demo/7","resource-type":"demo",\
        "created":"2026-11-06T00:00:00.000Z","updated":"2026-11-06T00:00:00.000Z","state":"NEW",\
        "acl":{"owners":["user/b"]}}');
        INSERT INTO visibility VALUES (1, 'user/a'), (1, 'group/x'), (7, 'user/b');
        INSERT INTO unique_key VALUES ('demo', 'one', 1);
        PRAGMA user_version = 1;
        PRAGMA application_id = 1380925764;
        """

    @Test("a file of format 1 keeps its documents, revisions and keys, and every index finds them")
    func fromFormatOne() async throws {
        try await TemporaryDirectory.run { directory in
            let path = directory.file("roadstead.db")
            try await DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: Self.formatOne) }
            let store = try await DocumentStore.open(
                path: path, key: try SealingKey.random(), clock: FixedClock(), ids: SequenceIDs())
            #expect(try await store.get(#require(ResourceID("demo/1"))).revision == 3)
            #expect(try await store.find(UniqueKey(type: "demo", key: "one"))?.id.description == "demo/1")
            let queries: [(DocumentQuery, [String])] = [
                (DocumentQuery(type: "demo"), ["demo/1", "demo/7"]),
                (DocumentQuery(type: "demo", visibleTo: ["user/a", "group/x"]), ["demo/1"]),
                (DocumentQuery(type: "demo", visibleTo: ["user/b"]), ["demo/7"]),
                (DocumentQuery(type: "demo", filter: .equal("parent", "user/p")), ["demo/1"]),
                (DocumentQuery(type: "demo", filter: .equal("state", "NEW"), visibleTo: ["user/b"]), ["demo/7"]),
                (DocumentQuery(type: "demo", filter: .words(["old"], endsInPrefix: false)), ["demo/1"]),
            ]
            for (query, expected) in queries {
                #expect(try await store.query(query).documents.map(\.id.description) == expected)
            }
            try await store.write { transaction in
                try transaction.delete(try #require(ResourceID("demo/1")))
                #expect(try transaction.rememberedAnswer(owner: "user/a", key: "k") == nil)
            }
            #expect(try await store.query(DocumentQuery(type: "demo", visibleTo: ["user/a"])).count == 0)
            await store.close()
            let leftovers = try await DatabaseQueue(path: path).read { database in
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT (SELECT count(*) FROM visibility WHERE document = 1)
                        + (SELECT count(*) FROM attribute_value WHERE document = 1)
                        + (SELECT count(*) FROM words WHERE rowid = 1) + (SELECT count(*) FROM unique_key)
                        """)
            }
            #expect(leftovers == 0)
        }
    }

    @Test("a file of format 3 finds the undeclared texts of open types afterwards")
    func fromFormatThree() async throws {
        try await TemporaryDirectory.run { directory in
            let path = directory.file("roadstead.db")
            let key = try SealingKey.random()
            let made = try await DocumentStore.open(path: path, key: key, clock: FixedClock(), ids: SequenceIDs())
            try await made.write { transaction in
                try transaction.insert(["id": "data-record/1", "station": "alps", "name": "frame"])
                try transaction.insert(["id": "module/1", "name": "alps"])
            }
            await made.close()
            // As format 3 left it: the texts of declared attributes only. Its tables are the same.
            try await DatabaseQueue(path: path).write { database in
                try database.execute(sql: "UPDATE words SET text = 'data record 1 frame' WHERE text LIKE 'data%'")
                try database.execute(sql: "PRAGMA user_version = 3")
            }
            let store = try await DocumentStore.open(path: path, key: key, clock: FixedClock(), ids: SequenceIDs())
            for (type, count) in [("data-record", 1), ("module", 1), ("job", 0)] {
                let query = DocumentQuery(type: type, filter: .words(["alps"], endsInPrefix: false))
                #expect(try await store.query(query).count == count, "\(type)")
            }
            let frames = DocumentQuery(type: "data-record", filter: .words(["frame"], endsInPrefix: false))
            #expect(try await store.query(frames).count == 1)
            await store.close()
        }
    }
}
