import Foundation
import GRDB
import RoadsteadBasics

/// Backups of the whole store: one SQLite file with every document, queue and journal as they stood at one moment.
///
/// The sealing key is not part of it: without the key that the store was made with, sealed attributes stay sealed, and
/// the restored store does not open.
public enum StoreBackup {
    /// Copies the store into a new file (mode 0600). The server may go on writing meanwhile, in whatever process: the copy
    /// shows one committed state. What is at `file` is there whole or not at all. `notes` are kept in the file and not
    /// restored; no secret may be among them in clear.
    ///
    /// Throws notFound when there is no store, conflict when `file` exists, unsupported for a foreign or newer store.
    @discardableResult
    public static func create(
        from databasePath: String, to file: String, notes: [String: String] = [:],
        clock: any WallClock = SystemClock()
    ) async throws -> BackupSummary {
        try await BlockingThread.run {
            try PrivateFile.refuseExisting(file)
            _ = try BackupFile(databasePath).check()
            try PrivateFile.make(file) { partial in
                try BackupFile(databasePath).copy(to: partial)
                try BackupFile(partial).stamp(clock.now, notes: notes)
            }
            return try BackupFile(file).verify()
        }
    }

    /// Reads the whole backup: SQLite's own check, the mark and format of our files, every document.
    ///
    /// Throws notFound, unsupported for a foreign or newer file, invalidInput for a damaged one.
    public static func verify(_ file: String) async throws -> BackupSummary {
        try await BlockingThread.run { try BackupFile(file).verify() }
    }

    /// A note that the backup was made with; nil when there is none of that name.
    public static func note(_ name: String, in file: String) async throws -> String? {
        try await BlockingThread.run { try BackupFile(file).note(name) }
    }

    /// Verifies the backup and makes a store of it where there is none.
    ///
    /// Throws conflict when there is a store already, unavailable while a server holds the place, and what `verify` throws.
    @discardableResult
    public static func restore(_ file: String, to databasePath: String) async throws -> BackupSummary {
        try await BlockingThread.run {
            let summary = try BackupFile(file).verify()
            try DatabaseOpening.makePrivateDirectory(of: databasePath)
            let lock = try DataLock(database: databasePath)
            try withExtendedLifetime(lock) {
                for path in [databasePath, databasePath + "-wal", databasePath + "-shm"] {
                    try PrivateFile.refuseExisting(path)
                }
                try PrivateFile.make(databasePath) { partial in
                    try BackupFile(file).copy(to: partial)
                    try BackupFile(partial).removeMarks()
                }
            }
            return summary
        }
    }
}
