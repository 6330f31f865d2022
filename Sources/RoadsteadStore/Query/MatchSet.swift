import RoadsteadModel

/// The documents that match, as the FROM and WHERE of a statement.
struct MatchSet {
    private let query: DocumentQuery
    private let plan: QueryPlan
    private let driver: QueryDriver
    private let condition: String
    var compiler: QueryCompiler

    /// Throws invalidInput for a filter past the compiler's caps.
    init(_ query: DocumentQuery, _ plan: QueryPlan, _ driver: QueryDriver) throws {
        self.query = query
        self.plan = plan
        self.driver = driver
        switch driver {
        case .visibility: compiler = QueryCompiler(.visibility)
        case .type: compiler = QueryCompiler(.document)
        case .candidates(let source): compiler = QueryCompiler(.document, values: source.values)
        }
        condition = try compiler.condition(query.filter)
    }

    /// Whether a statement about them reads an index only, and no row twice.
    var isIndexOnly: Bool {
        switch driver {
        case .visibility(let principals): principals.count == 1 && !compiler.usesDocument
        case .type: condition == "1" && plan.principals == nil
        case .candidates: false
        }
    }

    /// `FROM … WHERE …`, when all expressions that will stand beside it have been compiled; `extra` is a table joined to it.
    ///
    /// The rows of one principal and those of the type come in `order` as their index has them when the statement asks
    /// for it; those of several principals are merged in it, and need no ORDER BY.
    mutating func clauses(order: DocumentQuery.Order? = nil, joined extra: String? = nil) -> String {
        let type = compiler.bind(.text(query.type))
        let tail = (extra.map { ", " + $0 } ?? "") + " WHERE "
        switch driver {
        case .type: return "FROM document d\(tail)d.type = \(type)\(visible()) AND \(condition)"
        case .candidates(let source):
            return """
                FROM (\(source.sql)) c CROSS JOIN document d ON d.seq = c.document\(tail)d.type = \(type)\(visible()) \
                AND \(condition)
                """
        case .visibility(let principals):
            let document = compiler.usesDocument ? " CROSS JOIN document d ON d.seq = s.document" : ""
            guard principals.count > 1 else {
                let principal = compiler.bind(.text(principals[0]))
                return """
                    FROM visibility s\(document)\(tail)s.principal = \(principal) AND s.type = \(type) AND \(condition)
                    """
            }
            return "FROM (\(merged(principals, type: type, order: order))) s\(document)\(tail)\(condition)"
        }
    }

    /// SQLite merges statements that come in the order of the whole, and drops rows that two of them have. It keeps an
    /// ORDER BY within FROM only beside a LIMIT.
    private mutating func merged(_ principals: [String], type: String, order: DocumentQuery.Order?) -> String {
        let columns = (["created", "document", "updated"] + compiler.usedColumns.sorted()).joined(separator: ", ")
        let parts = principals.map { principal in
            "SELECT \(columns) FROM visibility WHERE principal = \(compiler.bind(.text(principal))) AND type = \(type)"
        }
        let column = order?.path.description ?? "created"
        let direction = order?.isAscending ?? true ? "" : " DESC"
        return parts.joined(separator: " UNION ") + " ORDER BY \(column)\(direction), document\(direction) LIMIT -1"
    }

    private mutating func visible() -> String {
        guard let principals = plan.principals else { return "" }
        let names = principals.map { compiler.bind(.text($0)) }.joined(separator: ", ")
        return """
             AND EXISTS (SELECT 1 FROM visibility w WHERE w.principal IN (\(names)) AND w.type = d.type \
            AND w.created = d.created AND w.document = d.seq)
            """
    }

    /// Whether the rows come in the query's order without being sorted by the statement.
    var isMerged: Bool {
        if case .visibility(let principals) = driver { principals.count > 1 && query.isInOrderOfTime } else { false }
    }
}
