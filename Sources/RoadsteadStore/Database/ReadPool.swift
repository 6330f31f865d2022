import GRDB
import RoadsteadBasics
import Synchronization

/// A few connections for reads that an index answers: they run at once, on the caller's thread, without a hop to another
/// one. What takes longer than a short budget is given up, and belongs on a thread that may block.
final class ReadPool: Sendable {
    /// About a millisecond.
    private static let budget = QueryBudget.Limit.kilosteps(40)

    /// Bytes of the database that a connection sees as memory instead of copying page by page into its cache: a tenth of
    /// a read's time. What is beyond is read as ever. The pages are the file's own and the system takes them back at need.
    private static let mapped = 1 << 30

    private let idle: Mutex<[ReadConnection]>

    /// Opens the connections to a database that is open already.
    init(path: String, count: Int) throws {
        var configuration = DatabaseOpening.configuration()
        configuration.readonly = true
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA mmap_size = \(Self.mapped)") }
        idle = Mutex(
            try (0..<count).map { _ in ReadConnection(try DatabaseQueue(path: path, configuration: configuration)) })
    }

    /// What `body` reads in one transaction; nil when it took too long, or when all connections are taken.
    func read<Value>(_ body: (SQLReader) throws -> Value) throws -> Value? {
        try withConnection { connection in
            try connection.use { reader in
                try reader.each("BEGIN") { _ in }
                // A read transaction ends the same way whether it succeeded or not; a failure to end it has no consequence.
                defer { try? reader.each("COMMIT") { _ in } }
                return try QueryBudget.run(Self.budget, on: reader.database) { try body(reader) }
            }
        }
    }

    /// As `read`, for one statement, which is a transaction by itself.
    func look<Value>(_ body: (SQLReader) throws -> Value) throws -> Value? {
        try withConnection { connection in
            try connection.use { reader in try QueryBudget.run(Self.budget, on: reader.database) { try body(reader) } }
        }
    }

    private func withConnection<Value>(_ body: (ReadConnection) throws -> Value?) rethrows -> Value? {
        guard let connection = idle.withLock({ $0.popLast() }) else { return nil }
        defer { idle.withLock { $0.append(connection) } }
        return try body(connection)
    }

    /// Those in use close when they are given back, as nobody takes them again.
    func close() throws {
        for connection in idle.withLock({ connections in
            defer { connections = [] }
            return connections
        }) { try connection.close() }
    }
}

/// A connection with its prepared statements. The pool gives it to one thread at a time, which is why it may be sent.
private final class ReadConnection: @unchecked Sendable {
    private let queue: DatabaseQueue
    private let cache = StatementCache()

    init(_ queue: DatabaseQueue) { self.queue = queue }

    func use<Value>(_ body: (SQLReader) throws -> Value) throws -> Value {
        try queue.unsafeRead { try body(SQLReader($0, cache: cache)) }
    }

    func close() throws {
        queue.unsafeRead { _ in cache.removeAll() }
        try queue.close()
    }
}
