import GRDB
import GRDBSQLite

/// A value to be bound to a statement.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// The empty blob, which stands for "look into the document".
    case odd

    func bind(to statement: OpaquePointer, at index: Int32) {
        switch self {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let value): sqlite3_bind_int64(statement, index, value)
        case .real(let value): sqlite3_bind_double(statement, index, value)
        case .odd: sqlite3_bind_zeroblob(statement, index, 0)
        case .text(var value):
            // SQLite copies the bytes (SQLITE_TRANSIENT, which C spells as a cast of -1).
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            value.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // No address would mean NULL, not the empty text.
                    _ =
                        characters.isEmpty
                        ? sqlite3_bind_text(statement, index, "", 0, transient)
                        : sqlite3_bind_text(
                            statement, index, characters.baseAddress, Int32(characters.count), transient)
                }
            }
        }
    }
}

/// The row that a statement stands at; valid until its next step.
struct SQLRow {
    let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_text(statement, column) else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// Bytes of a text.
    func size(_ column: Int32) -> Int { Int(sqlite3_column_bytes(statement, column)) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func isReal(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_FLOAT }
}

/// Steps statements on one connection without GRDB's rows and arguments, which cost more than the indexed reads
/// themselves (measured: 100 µs of CPU a request against 20).
struct SQLReader {
    let database: Database
    private let cache: StatementCache?

    /// Without a cache a statement is prepared anew each time.
    init(_ database: Database, cache: StatementCache? = nil) {
        self.database = database
        self.cache = cache
    }

    /// Calls `body` with every row. Throws GRDB's `DatabaseError`.
    func each(_ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws -> Void) throws {
        let statement = try cache?.statement(sql, in: database) ?? database.makeStatement(sql: sql)
        try Self.step(statement, values, body)
    }

    /// The first row, read by `body`; nil when there is none.
    func first<Value>(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Value) throws -> Value? {
        var result: Value?
        try each(sql, values) { row in if result == nil { result = try body(row) } }
        return result
    }

    /// Runs a statement of a fixed text that gives no rows; GRDB keeps it prepared.
    static func run(_ sql: String, _ values: [SQLValue], in database: Database) throws {
        try step(database.cachedStatement(sql: sql), values) { _ in }
    }

    private static func step(_ statement: Statement, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        let pointer = statement.sqliteStatement
        defer { sqlite3_reset(pointer) }
        let count = Int(sqlite3_bind_parameter_count(pointer))
        for (index, value) in values.prefix(count).enumerated() { value.bind(to: pointer, at: Int32(index + 1)) }
        while true {
            let code = sqlite3_step(pointer)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else {
                let message = sqlite3_db_handle(pointer).flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
            }
            try body(SQLRow(statement: pointer))
        }
    }
}

/// Prepared statements of one connection. Filters have many shapes, so it forgets them all when it is full.
final class StatementCache {
    private static let capacity = 128
    private var statements: [String: Statement] = [:]

    func statement(_ sql: String, in database: Database) throws -> Statement {
        if let statement = statements[sql] { return statement }
        let statement = try database.makeStatement(sql: sql)
        if statements.count >= Self.capacity { statements.removeAll() }
        statements[sql] = statement
        return statement
    }

    func removeAll() { statements.removeAll() }
}
