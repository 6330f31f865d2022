import Foundation
import GRDB
import RoadsteadBasics

/// One file of a store, looked at from outside. All of it blocks.
struct BackupFile {
    /// What only backups have: the moment, and notes.
    private static let markPrefix = "backup-"
    private static let stampName = markPrefix + "created"

    private let path: String

    init(_ path: String) { self.path = path }

    /// The file's format, when it is one of ours.
    func check() throws -> Int { try reading(Schema.check) }

    /// A compact copy of one committed state, into an empty file.
    func copy(to target: String) throws {
        try reading { database, _ in try database.execute(sql: "VACUUM INTO ?", arguments: [target]) }
    }

    /// Writes into a copy when it was made, and what is to be kept with it.
    func stamp(_ moment: Instant, notes: [String: String]) throws {
        let marks = [Self.stampName: moment.description].merging(
            notes.map { (Self.noteName($0.key), $0.value) }, uniquingKeysWith: { $1 })
        try writing { database in
            for (name, value) in marks {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", arguments: [name, value])
            }
        }
    }

    /// Makes a store of a backup: what only backups have goes away.
    func removeMarks() throws {
        try writing { database in
            try database.execute(
                sql: "DELETE FROM meta WHERE substr(name, 1, ?) = ?",
                arguments: [Self.markPrefix.utf8.count, Self.markPrefix])
        }
    }

    func note(_ name: String) throws -> String? {
        try reading { database, _ in
            try String.fetchOne(
                database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [Self.noteName(name)])
        }
    }

    private static func noteName(_ name: String) -> String { markPrefix + "note-" + name }

    private func writing(_ body: (Database) throws -> Void) throws {
        do {
            let queue = try DatabaseQueue(path: path, configuration: DatabaseOpening.configuration())
            try queue.write(body)
            try queue.close()
        } catch { throw translated(error) }
    }

    func verify() throws -> BackupSummary {
        try reading { database, path in
            let format = try Schema.check(database, path)
            let problems = try String.fetchAll(database, sql: "PRAGMA integrity_check(3)")
            guard problems == ["ok"] else { throw damaged("\(problems.count) of its parts do not fit together") }
            let unreadable = try Int.fetchOne(database, sql: "SELECT count(*) FROM document WHERE NOT json_valid(body)")
            guard unreadable == 0 else { throw damaged("\(unreadable ?? 0) of its documents cannot be read") }
            let stamp = try String.fetchOne(
                database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [Self.stampName])
            guard let created = stamp.flatMap({ Instant(rfc3339: $0) }) else {
                throw RoadsteadError(
                    .unsupported, "\(path) is a store but no backup; make one with 'roadstead backup create'")
            }
            return BackupSummary(
                documents: try Int.fetchOne(database, sql: "SELECT count(*) FROM document") ?? 0, formatVersion: format,
                created: created, bytes: try size())
        }
    }

    private func size() throws -> Int64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.size] as? NSNumber)?.int64Value ?? 0
    }

    /// Reads without a transaction, as VACUUM wants none.
    private func reading<Value>(_ body: (Database, String) throws -> Value) throws -> Value {
        guard FileManager.default.fileExists(atPath: path) else {
            throw RoadsteadError(.notFound, "\(path) does not exist; check the path")
        }
        do {
            var configuration = DatabaseOpening.configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let value = try queue.unsafeRead { try body($0, path) }
            try queue.close()
            return value
        } catch { throw translated(error) }
    }

    private func damaged(_ what: String) -> RoadsteadError {
        RoadsteadError(.invalidInput, "\(path) is damaged: \(what); use another backup")
    }

    private func translated(_ error: any Error) -> any Error {
        guard let failure = error as? DatabaseError else { return error }
        switch failure.resultCode {
        case .SQLITE_CORRUPT: return damaged(failure.message ?? "SQLite cannot read it")
        case .SQLITE_NOTADB:
            return RoadsteadError(.unsupported, "\(path) is no Roadstead store and no backup of one; check the path")
        default: return StoreFailure.translate(failure, path: path)
        }
    }
}
