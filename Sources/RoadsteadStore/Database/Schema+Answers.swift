import GRDB

extension Schema {
    /// Format 2: answers that were given to requests with an idempotency key.
    static func rememberedAnswers(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE remembered_answer (
                    owner TEXT NOT NULL,
                    key TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    status INTEGER NOT NULL,
                    body TEXT NOT NULL,
                    created INTEGER NOT NULL,
                    PRIMARY KEY (owner, key)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX remembered_answer_by_age ON remembered_answer (created);
                """)
    }
}
