import GRDB
import RoadsteadBasics

/// The tables and how they came to be: numbered steps, forward only. A step that was released is never edited.
enum Schema {
    /// Marks the file as ours: "ROAD".
    static let applicationID: Int32 = 0x524F_4144

    static var steps: [@Sendable (Database) throws -> Void] {
        [documents, rememberedAnswers, queryIndexes, wordsOfOpenTypes]
    }

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

    /// The format of a file that is a store of ours already. Throws unsupported for a newer or a foreign one.
    static func check(_ database: Database, _ path: String) throws -> Int {
        let held = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == applicationID, held > 0 else {
            throw RoadsteadError(
                .unsupported, "\(path) is no Roadstead store and no backup of one; check the path")
        }
        try check(held: held, in: database, path: path)
        return held
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
}
