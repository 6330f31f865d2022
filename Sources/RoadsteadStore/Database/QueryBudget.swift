import GRDB
import GRDBSQLite
import RoadsteadBasics

/// Stops a query that costs more than it may, by SQLite's progress handler on its connection.
final class QueryBudget {
    enum Limit {
        /// Steps of SQLite's virtual machine, in thousands; the same query on the same data takes the same.
        case kilosteps(Int)
        case time(Duration)
    }

    private static let interval: Int32 = 1000

    private let deadline: ContinuousClock.Instant?
    private var kilosteps: Int
    private(set) var isSpent = false

    private init(_ limit: Limit) {
        switch limit {
        case .kilosteps(let count): (deadline, kilosteps) = (nil, count)
        case .time(let duration): (deadline, kilosteps) = (.now + duration, .max)
        }
    }

    /// Runs `body`; nil when it was stopped because the budget was spent. Other errors pass through.
    static func run<Value>(_ limit: Limit, on database: Database, _ body: () throws -> Value) throws -> Value? {
        let budget = QueryBudget(limit)
        let connection = database.sqliteConnection
        sqlite3_progress_handler(
            connection, interval,
            { context in
                guard let context else { return 0 }
                return Unmanaged<QueryBudget>.fromOpaque(context).takeUnretainedValue().spend() ? 0 : 1
            }, Unmanaged.passUnretained(budget).toOpaque())
        defer { sqlite3_progress_handler(connection, 0, nil, nil) }
        // The handler holds no reference of its own.
        return try withExtendedLifetime(budget) {
            do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
                guard budget.isSpent else { throw error }
                return nil
            }
        }
    }

    /// False: no more.
    private func spend() -> Bool {
        kilosteps -= 1
        isSpent = kilosteps < 0 || deadline.map { .now >= $0 } ?? false
        return !isSpent
    }
}
