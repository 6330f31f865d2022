import GRDB

extension Schema {
    /// Format 1: documents and what hangs on them, the job queue, the schedule.
    static func documents(_ database: Database) throws {
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
