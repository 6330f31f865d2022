import GRDB
import RoadsteadBasics
import RoadsteadModel

/// Turns a query into SQL. Everything that comes from outside is a bound value, the attribute names included.
struct QueryCompiler {
    /// Comparisons and values in one filter, and how deep it may nest: far below SQLite's own limits.
    static let maximumComparisons = 500
    static let maximumValues = 5000
    static let maximumDepth = 100

    private var arguments: [String: DatabaseValue] = [:]
    private var comparisons = 0

    var statementArguments: StatementArguments {
        StatementArguments(arguments.mapValues { $0 as (any DatabaseValueConvertible)? })
    }

    /// Names a value for use in the statement.
    mutating func bind(_ value: some DatabaseValueConvertible) -> String {
        let name = "p\(arguments.count)"
        arguments[name] = value.databaseValue
        return ":" + name
    }

    mutating func condition(of query: DocumentQuery) throws -> String {
        var conditions = ["d.type = \(bind(query.type))"]
        if let principals = query.visibleTo { conditions.append(visibility(principals)) }
        if let filter = query.filter { conditions.append(try compile(filter, depth: 0)) }
        return conditions.joined(separator: " AND ")
    }

    private mutating func visibility(_ principals: Set<String>) -> String {
        let names = principals.sorted().map { bind($0) }.joined(separator: ", ")
        return """
            EXISTS (SELECT 1 FROM visibility s WHERE s.document = d.seq AND s.principal IN (\(names)))
            """
    }

    private mutating func compile(_ filter: Filter, depth: Int) throws -> String {
        guard depth <= Self.maximumDepth else {
            throw RoadsteadError(.invalidInput, "the filter nests more than \(Self.maximumDepth) levels deep")
        }
        switch filter {
        case .and(let filters): return try joined(filters, by: " AND ", empty: "1", depth: depth)
        case .or(let filters): return try joined(filters, by: " OR ", empty: "0", depth: depth)
        case .comparison(let path, let relation, let literals):
            comparisons += 1
            guard comparisons <= Self.maximumComparisons, arguments.count + literals.count <= Self.maximumValues else {
                throw RoadsteadError(
                    .invalidInput,
                    "the filter is too long: at most \(Self.maximumComparisons) comparisons and "
                        + "\(Self.maximumValues) values")
            }
            return try compile(path, relation, literals)
        }
    }

    private mutating func joined(
        _ filters: [Filter], by separator: String, empty: String, depth: Int
    ) throws -> String {
        if filters.isEmpty { return empty }
        var parts: [String] = []
        for filter in filters { parts.append(try compile(filter, depth: depth + 1)) }
        return "(" + parts.joined(separator: separator) + ")"
    }

    /// The `ORDER BY` terms; documents that are equal by them come in the order of their making.
    mutating func order(of query: DocumentQuery) throws -> String {
        var terms: [String] = []
        for order in query.order {
            let value = try orderValue(order)
            terms.append(value + (order.isAscending ? " ASC" : " DESC") + " NULLS LAST")
        }
        return (terms + ["d.seq"]).joined(separator: ", ")
    }

    private mutating func orderValue(_ order: DocumentQuery.Order) throws -> String {
        if let column = Self.column(of: order.path) { return column }
        let source = try AttributeSource(order.path, compiler: &self)
        return """
            (SELECT \(order.isAscending ? "min" : "max")(v.atom) FROM \(source.tables) \
            WHERE v.type <> 'null' AND v.atom IS NOT NULL AND \(source.isNoObject))
            """
    }

    static func column(of path: FilterPath) -> String? {
        switch path.names {
        case ["id"]: "d.id"
        case ["created"]: "d.created"
        case ["updated"]: "d.updated"
        default: nil
        }
    }
}
