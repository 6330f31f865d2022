import GRDB
import RoadsteadBasics

extension Schema {
    /// Format 3: listings walk an index. `visibility` holds a row for every principal that may list a document, in the
    /// order of making, with the attributes that filters name most, so that neither needs the document itself;
    /// `attribute_value` finds documents by attributes that few share; `words` is the full text.
    static func queryIndexes(_ database: Database) throws {
        let covered = IndexedAttributes.covered.map { IndexedAttributes.column($0) + " ANY" }.joined(separator: ", ")
        try database.execute(
            sql: """
                DROP INDEX document_by_parent;
                DROP INDEX document_by_subject;
                DROP INDEX document_by_target;
                CREATE INDEX document_by_update ON document (type, updated);
                DROP TABLE visibility;
                CREATE TABLE visibility (
                    principal TEXT NOT NULL,
                    type TEXT NOT NULL,
                    created INTEGER NOT NULL,
                    document INTEGER NOT NULL,
                    updated INTEGER NOT NULL,
                    \(covered),
                    PRIMARY KEY (principal, type, created, document)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX visibility_by_update ON visibility (principal, type, updated, document);
                CREATE TABLE attribute_value (
                    type TEXT NOT NULL,
                    name TEXT NOT NULL,
                    value TEXT NOT NULL,
                    document INTEGER NOT NULL,
                    PRIMARY KEY (type, name, value, document)
                ) STRICT, WITHOUT ROWID;
                CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'ascii', columnsize = 0);
                """)
        try fillIndexes(database)
    }

    private static func fillIndexes(_ database: Database) throws {
        let reader = SQLReader(database)
        try reader.each("SELECT seq, id, created, updated, body FROM document") { row in
            let id = row.text(1)
            let body = try DocumentRows.body(row.text(4), of: id)
            guard let resource = ResourceID(id) else { return }
            let place = DocumentIndex.Place(
                sequence: row.integer(0), type: resource.type, created: row.integer(2), updated: row.integer(3))
            try DocumentIndex(body).insert(at: place, in: database)
        }
    }
}
