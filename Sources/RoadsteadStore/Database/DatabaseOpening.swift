import Foundation
import GRDB
import RoadsteadBasics

#if canImport(Glibc)
    import Glibc
#endif

/// Opens SQLite the way the store needs it. Everything here blocks: callers run it on a thread of its own.
enum DatabaseOpening {
    /// SQLite's own limit for waiting on another connection of this process.
    private static let busyTimeout: Double = 10

    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        configuration.label = "roadstead-store"
        configuration.prepareDatabase { database in
            database.add(function: instantOf)
            database.add(function: GeoFunction.function)
            // Kibibytes for each of the connections; what is read often lies in the system's cache too.
            try database.execute(sql: "PRAGMA cache_size = -4096")
        }
        return configuration
    }

    static func file(_ path: String) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration())
        try pool.writeWithoutTransaction(setDurability)
        return pool
    }

    static func memory() throws -> DatabaseQueue { try DatabaseQueue(configuration: configuration()) }

    /// A commit that was reported must survive a power cut. GRDB sets NORMAL when it opens a write-ahead log, so this
    /// comes after that, and is read back.
    private static func setDurability(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
            throw RoadsteadError(.internal, "SQLite did not accept synchronous = FULL")
        }
    }

    /// Makes the directory (0700) and the file (0600) when they are missing; SQLite gives the files beside it the same mode.
    static func makePrivate(_ path: String) throws {
        try makePrivateDirectory(of: path)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RoadsteadError(
                .unavailable, "\(path) cannot be opened (\(String(cString: strerror(errno)))); check its owner and mode"
            )
        }
        close(descriptor)
    }

    static func makePrivateDirectory(of path: String) throws {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw RoadsteadError(
                .unavailable, "the data directory \(directory) cannot be made; choose another one", cause: error)
        }
    }

    /// The moment that a timestamp names, in milliseconds, whatever its precision and offset; NULL for other texts.
    private static let instantOf = DatabaseFunction("instant_of", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).flatMap { Instant(rfc3339: $0)?.millisecondsSinceEpoch }
    }
}
