import Foundation
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

    /// How long a query may run before it is given up.
    public static let usualQueryBudget = Duration.seconds(2)

    private let database: any DatabaseWriter
    /// nil in memory, where there is one connection only.
    private let pool: ReadPool?
    private let queryBudget: Duration
    private let counts: CountCache
    private let counting = CountQueue()
    private let writer: GroupWriter
    private let hub: ChangeHub
    private let logger: Logger
    private let lock: Mutex<DataLock?>

    private init(
        database: any DatabaseWriter, pool: ReadPool?, path: String, lock: DataLock?, key: SealingKey,
        queryBudget: Duration, clock: any WallClock, ids: any IDSource, logger: Logger
    ) {
        let (hub, counts) = (ChangeHub(), CountCache())
        self.counts = counts
        self.database = database
        self.pool = pool
        self.queryBudget = queryBudget
        self.path = path
        self.lock = Mutex(lock)
        self.logger = logger
        self.hub = hub
        sealer = Sealer(key: key)
        writer = GroupWriter(database: database, path: path, clock: clock, ids: ids, counts: counts) { hub.publish($0) }
    }

    /// Opens the file, makes it when it is missing, and brings it to the newest format.
    ///
    /// Throws unavailable when another process holds it, the directory cannot be written or the disk is full; unsupported
    /// for a newer or a foreign file; invalidState when `key` is not the one that it was made with.
    public static func open(
        path: String, key: SealingKey, queryBudget: Duration = usualQueryBudget, clock: any WallClock = SystemClock(),
        ids: any IDSource = SystemIDSource(),
        logger: Logger = Logger(label: "roadstead.store")
    ) async throws -> DocumentStore {
        let store = try await BlockingThread.run {
            do {
                let (database, lock) = try openFile(path)
                return DocumentStore(
                    database: database, pool: try ReadPool(path: path, count: readConnections), path: path, lock: lock,
                    key: key, queryBudget: queryBudget, clock: clock, ids: ids, logger: logger)
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
        key: SealingKey, queryBudget: Duration = usualQueryBudget, clock: any WallClock = SystemClock(),
        ids: any IDSource = SystemIDSource(),
        logger: Logger = Logger(label: "roadstead.store")
    ) async throws -> DocumentStore {
        try await BlockingThread.run {
            let queue = try DatabaseOpening.memory()
            try Schema.migrate(queue, path: ":memory:")
            return DocumentStore(
                database: queue, pool: nil, path: ":memory:", lock: nil, key: key, queryBudget: queryBudget,
                clock: clock, ids: ids, logger: logger)
        }
    }

    /// As many threads of the cooperative pool as there are cores can be reading at once.
    private static var readConnections: Int { min(max(ProcessInfo.processInfo.activeProcessorCount, 2), 8) }

    private static func openFile(_ path: String) throws -> (DatabasePool, DataLock) {
        try DatabaseOpening.makePrivateDirectory(of: path)
        // First of all: closing any descriptor of a file gives up every lock that this process has on it.
        let lock = try DataLock(database: path)
        try DatabaseOpening.makePrivate(path)
        let pool = try DatabaseOpening.file(path)
        try Schema.migrate(pool, path: path)
        return (pool, lock)
    }

    /// Ends all streams of changes, waits for what is under way, closes the file and gives it free.
    public func close() async {
        hub.finish()
        let (database, pool) = (database, pool)
        do {
            try await BlockingThread.run {
                try pool?.close()
                try database.close()
            }
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
        try await quickly { try DocumentRows.find(id, by: $0) }
    }

    /// The document; throws notFound when there is none.
    public func get(_ id: ResourceID) async throws -> StoredDocument {
        guard let document = try await find(id) else { throw DocumentRows.notFound(id) }
        return document
    }

    /// The document that holds the unique key.
    public func find(_ key: UniqueKey) async throws -> StoredDocument? {
        try await quickly { try DocumentRows.find(key, by: $0) }
    }

    /// The matches of a query: a page of them, their number, and the figures that were asked for.
    ///
    /// Throws invalidInput for a filter or a page past the caps; timeout when it runs longer than the store's budget for
    /// queries, naming the attributes without an index that it tests.
    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try await answer(query) { try DocumentRows.document($0) }
    }

    /// As `query`, with the documents as their texts.
    public func texts(_ query: DocumentQuery) async throws -> QueryPage<StoredText> {
        try await answer(query) { StoredText.read($0) }
    }

    /// The text of a document, or nil when there is none.
    public func text(_ id: ResourceID) async throws -> StoredText? {
        try await quickly { reader in
            try reader.first("SELECT id, revision, body FROM document WHERE id = ?1", [.text(id.description)]) {
                StoredText.read($0)
            }
        }
    }

    /// A number that is another one after every commit that changed documents of the type, and before the writes in it
    /// return; nil while a commit is under way. What was read between two equal ones is what the store holds.
    public func generation(of type: String) -> Int? { counts.generation(of: type) }

    /// Of many that ask the same at once, one counts and the others use its count.
    private func answer<Row: Sendable>(
        _ query: DocumentQuery, _ read: @escaping @Sendable (SQLRow) throws -> Row
    ) async throws -> QueryPage<Row> {
        if let page = try quickPage(query, read) { return page }
        let question = CountCache.Question(query)
        let isFirst = await counting.enter(question)
        defer { if isFirst { counting.leave(question) } }
        if !isFirst, let page = try quickPage(query, read) { return page }
        let look = counts.look(question)
        let page = try await page(query, knownCount: look.count, read)
        return counts.confirms(look, page.matchCount) ? page : try await self.page(query, knownCount: nil, read)
    }

    /// On the caller's own thread; nil when it takes longer than a moment.
    private func quickPage<Row>(_ query: DocumentQuery, _ read: @escaping (SQLRow) throws -> Row) throws -> QueryPage<
        Row
    >? {
        // Reading documents into memory takes time too, which the budget of the quick connections does not count.
        guard let pool, let last = query.last, last - query.first < 100 else { return nil }
        let look = counts.look(CountCache.Question(query))
        do {
            let page = try pool.read { try QueryRun(query, $0, read).page(knownCount: look.count) }
            return page.flatMap { counts.confirms(look, $0.matchCount) ? $0 : nil }
        } catch { throw StoreFailure.translate(error, path: path) }
    }

    private func page<Row: Sendable>(
        _ query: DocumentQuery, knownCount: MatchCount?, _ read: @escaping @Sendable (SQLRow) throws -> Row
    ) async throws -> QueryPage<Row> {
        let budget = queryBudget
        let page = try await self.read { database in
            try QueryBudget.run(.time(budget), on: database) {
                try QueryRun(query, SQLReader(database), read).page(knownCount: knownCount)
            }
        }
        guard let page else { throw query.timeout(after: budget) }
        return page
    }

    /// One statement; tries the caller's own thread first.
    private func quickly<Value: Sendable>(
        _ body: @escaping @Sendable (SQLReader) throws -> Value
    ) async throws -> Value {
        do { if let value = try pool?.look(body) { return value } } catch {
            throw StoreFailure.translate(error, path: path)
        }
        return try await read { try body(SQLReader($0)) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do { return try await database.read(body) } catch {
            throw StoreFailure.translate(error, path: path)
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

// MARK: - Compacting

extension DocumentStore {
    /// Writes the file anew, so that nothing is left in it of what was overwritten or removed. Takes as long as a copy.
    public func compact() async throws {
        let (database, path) = (database, path)
        try await BlockingThread.run {
            do {
                try database.vacuum()
                try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            } catch { throw StoreFailure.translate(error, path: path) }
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
