import GRDB
import RoadsteadBasics
import RoadsteadModel

extension Schema {
    /// Format 4: the full text of open types has the texts of attributes that they do not declare.
    static func wordsOfOpenTypes(_ database: Database) throws {
        for type in FullText.openTypes {
            try SQLReader(database).each("SELECT seq, id, body FROM document WHERE type = ?1", [.text(type)]) { row in
                let sequence = SQLValue.integer(row.integer(0))
                let words = DocumentIndex(try DocumentRows.body(row.text(2), of: row.text(1))).words
                try SQLReader.run("DELETE FROM words WHERE rowid = ?", [sequence], in: database)
                try SQLReader.run(
                    "INSERT INTO words (rowid, text) VALUES (?, ?)", [sequence, .text(words.text)], in: database)
            }
        }
    }
}
