import Dispatch
import GRDB
import Logging
import RoadsteadBasics
import RoadsteadModel
import Synchronization

/// Where all documents are kept: one SQLite file, which this process holds for itself.
///
/// Reads run beside each other on committed states; writes run one after the other, each in a transaction that is on the
/// disk when `write` returns. No call blocks the cooperative pool.
public final class DocumentStore: Sendable {
    /// The database file, for messages.
    public let path: String
    /// Seals and opens the secret attributes of documents.
    public let sealer: Sealer

    private let database: any DatabaseWriter
    private let writer: GroupWriter
    private let hub: ChangeHub
    private let logger: Logger
    private let lock: Mutex<DataLock?>

    private init(
        database: any DatabaseWriter, path: String, lock: DataLock?, key: SealingKey, clock: any WallClock,
        ids: any IDSource, logger: Logger
    ) {
        let hub = ChangeHub()
        self.database = database
        self.path = path
        self.lock = Mutex(lock)
        self.logger = logger
        self.hub = hub
        sealer = Sealer(key: key)
        writer = GroupWriter(database: database, path: path, clock: clock, ids: ids) { hub.publish($0) }
    }

    /// Opens the file, makes it when it is missing, and brings it to the newest format.
    ///
    /// Throws unavailable when another process holds it, the directory cannot be written or the disk is full; unsupported
    /// for a newer or a foreign file; invalidState when `key` is not the one that it was made with.
    public static func open(
        path: String, key: SealingKey, clock: any WallClock = SystemClock(), ids: any IDSource = SystemIDSource(),
        logger: Logger = Logger(label: "roadstead.store")
    ) async throws -> DocumentStore {
        let store = try await blocking {
            do {
                let (pool, lock) = try openFile(path)
                return DocumentStore(
                    database: pool, path: path, lock: lock, key: key, clock: clock, ids: ids, logger: logger)
            } catch { throw StoreFailure.translate(error, path: path) }
        }
        do { try await store.checkKey() } catch {
            await store.close()
            throw error
        }
        logger.debug("store opened", metadata: ["path": "\(path)"])
        return store
    }

    /// A store without a file, for tests: the same rules, gone when it is released.
    public static func inMemory(
        key: SealingKey, clock: any WallClock = SystemClock(), ids: any IDSource = SystemIDSource(),
        logger: Logger = Logger(label: "roadstead.store")
    ) async throws -> DocumentStore {
        try await blocking {
            let queue = try DatabaseOpening.memory()
            try Schema.migrate(queue, path: ":memory:")
            return DocumentStore(
                database: queue, path: ":memory:", lock: nil, key: key, clock: clock, ids: ids, logger: logger)
        }
    }

    private static func openFile(_ path: String) throws -> (DatabasePool, DataLock) {
        try DatabaseOpening.makePrivate(path)
        let lock = try DataLock(database: path)
        let pool = try DatabaseOpening.file(path)
        try Schema.migrate(pool, path: path)
        return (pool, lock)
    }

    /// Ends all streams of changes, waits for what is under way, closes the file and gives it free.
    public func close() async {
        hub.finish()
        let database = database
        do {
            try await Self.blocking { try database.close() }
        } catch {
            logger.warning("store did not close cleanly", metadata: ["error": "\(error)"])
        }
        lock.withLock { $0 = nil }
    }
}

// MARK: - Reading and writing

extension DocumentStore {
    /// Runs `body` in one transaction and returns when it is on the disk. When it throws, nothing was changed.
    ///
    /// `body` must touch nothing but the store, and may run more than once. Errors of SQLite arrive as `RoadsteadError`.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await writer.write(body)
    }

    /// The document, or nil when there is none.
    public func find(_ id: ResourceID) async throws -> StoredDocument? {
        try await read { try DocumentRows.find(id, in: $0) }
    }

    /// The document; throws notFound when there is none.
    public func get(_ id: ResourceID) async throws -> StoredDocument {
        guard let document = try await find(id) else { throw DocumentRows.notFound(id) }
        return document
    }

    /// The document that holds the unique key.
    public func find(_ key: UniqueKey) async throws -> StoredDocument? {
        try await read { database in
            try DocumentRows.holder(of: key, in: database).flatMap { try DocumentRows.find($0, in: database) }
        }
    }

    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try await read { try query.run(in: $0) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do { return try await database.read(body) } catch {
            throw StoreFailure.translate(error, path: path)
        }
    }

    /// Runs what blocks on a thread that may.
    private static func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// Holds the key against a text that was sealed when the store was made.
    private func checkKey() async throws {
        let (sealer, path) = (sealer, path)
        try await write { transaction in
            guard let sealed = try transaction.meta("key-check") else {
                return try transaction.setMeta(
                    "key-check", try sealer.seal(Array("roadstead".utf8), context: "key-check"))
            }
            guard (try? sealer.open(sealed, context: "key-check")) == Array("roadstead".utf8) else {
                throw RoadsteadError(
                    .invalidState,
                    """
                    the sealing key is not the one that \(path) was made with; put the right key file back, or set \
                    \(SealingKey.environmentName) to the right key
                    """)
            }
        }
    }
}

// MARK: - Changes

extension DocumentStore {
    /// Changes of documents of `types` (nil: all) from now on, in the order of their commits. Ends when the store closes.
    ///
    /// A listener that is more than `buffer` changes behind loses the oldest ones: who needs more than a hint follows one
    /// document, or reads again.
    public func changes(of types: Set<String>? = nil, buffer: Int = 256) -> AsyncStream<DocumentChange> {
        hub.stream(buffer: buffer) { types?.contains($0.type) ?? true }
    }

    /// Changes of one document. The newest one is never lost, older ones that were not taken yet are.
    public func changes(of id: ResourceID) -> AsyncStream<DocumentChange> {
        hub.stream(buffer: 1) { $0 == id }
    }

    /// Calls `body` with the changes of every commit before the writes that made them return: for caches that must never
    /// be behind. It must be quick, and may not use the store.
    public func observe(_ body: @escaping @Sendable ([DocumentChange]) -> Void) { hub.observe(body) }
}
