import GRDB
import RoadsteadBasics

/// The tables and how they came to be: numbered steps, forward only. A step that was released is never edited.
enum Schema {
    /// Marks the file as ours: "ROAD".
    static let applicationID: Int32 = 0x524F_4144

    static var steps: [@Sendable (Database) throws -> Void] { [documents] }

    /// Brings the file to the newest format, each step in a transaction of its own.
    ///
    /// Throws unsupported when the file was written by a newer Roadstead or belongs to another program.
    static func migrate(_ writer: some DatabaseWriter, path: String) throws {
        try writer.writeWithoutTransaction { database in
            let held = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            try check(held: held, in: database, path: path)
            for version in steps.indices.dropFirst(held) {
                try database.inTransaction(.immediate) {
                    try steps[version](database)
                    try database.execute(sql: "PRAGMA user_version = \(version + 1)")
                    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                    return .commit
                }
            }
        }
    }

    private static func check(held: Int, in database: Database, path: String) throws {
        guard held <= steps.count else {
            throw RoadsteadError(
                .unsupported,
                """
                \(path) has format \(held), written by a newer Roadstead; this one knows formats up to \(steps.count). \
                Install that newer version, or restore a backup made before the upgrade
                """)
        }
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let hasTables = try database.tableExists("document")
        guard application == applicationID || (application == 0 && held == 0 && !hasTables) else {
            throw RoadsteadError(
                .unsupported, "\(path) is a database of another program; choose another data directory")
        }
    }

    private static func documents(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
                CREATE TABLE document (
                    seq INTEGER PRIMARY KEY AUTOINCREMENT,
                    id TEXT NOT NULL UNIQUE,
                    type TEXT NOT NULL,
                    revision INTEGER NOT NULL,
                    created INTEGER NOT NULL,
                    updated INTEGER NOT NULL,
                    body TEXT NOT NULL
                ) STRICT;
                CREATE INDEX document_by_type ON document (type, created);
                CREATE INDEX document_by_parent ON document (type, json_extract(body, '$.parent'))
                    WHERE json_extract(body, '$.parent') IS NOT NULL;
                CREATE INDEX document_by_subject ON document (type, json_extract(body, '$.content.resource.href'))
                    WHERE json_extract(body, '$.content.resource.href') IS NOT NULL;
                CREATE INDEX document_by_target ON document (type, json_extract(body, '$."target-resource".href'))
                    WHERE json_extract(body, '$."target-resource".href') IS NOT NULL;
                CREATE TABLE visibility (
                    document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
                    principal TEXT NOT NULL,
                    PRIMARY KEY (document, principal)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE unique_key (
                    type TEXT NOT NULL,
                    key TEXT NOT NULL,
                    document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
                    PRIMARY KEY (type, key)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX unique_key_by_document ON unique_key (document);
                CREATE TABLE job_queue (
                    document INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
                    id TEXT NOT NULL,
                    action TEXT NOT NULL,
                    target TEXT NOT NULL,
                    priority INTEGER NOT NULL,
                    not_before INTEGER NOT NULL,
                    failures INTEGER NOT NULL DEFAULT 0,
                    leases INTEGER NOT NULL DEFAULT 0,
                    owner TEXT,
                    lease_until INTEGER,
                    is_cancelled INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                CREATE INDEX job_queue_by_target ON job_queue (target, action);
                CREATE TABLE job_step (
                    document INTEGER NOT NULL REFERENCES document (seq) ON DELETE CASCADE,
                    name TEXT NOT NULL,
                    value TEXT NOT NULL,
                    PRIMARY KEY (document, name)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE schedule (name TEXT PRIMARY KEY, next_run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                """)
    }
}
