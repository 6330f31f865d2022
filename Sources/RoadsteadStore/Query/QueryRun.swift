import RoadsteadBasics
import RoadsteadModel

/// Answers one query on one connection. The caller holds a transaction, so that count, page and figures belong together.
struct QueryRun<Row: Sendable> {
    private let query: DocumentQuery
    private let reader: SQLReader
    private let read: (SQLRow) throws -> Row

    /// `read` turns a row of `SELECT id, revision, body` into what the page shall hold.
    init(_ query: DocumentQuery, _ reader: SQLReader, _ read: @escaping (SQLRow) throws -> Row) {
        self.query = query
        self.reader = reader
        self.read = read
    }

    /// Throws invalidInput for a page past the limit and for a filter past the compiler's caps.
    ///
    /// `knownCount` is the count of an earlier run of the same query on the same documents.
    func page(knownCount: MatchCount? = nil) throws -> QueryPage<Row> {
        let (offset, limit) = try query.page()
        try query.checkOrder()
        try query.checkAggregations()
        guard let plan = try QueryPlan(query, reader) else {
            // The caps hold for a query that finds nothing as well.
            var compiler = QueryCompiler(.document)
            _ = try compiler.condition(query.filter)
            return nothing
        }
        let count = try knownCount ?? count(plan)
        let isEmpty = limit <= 0 || offset >= count.value
        return QueryPage(
            count: count.value, isCountExact: count.isExact,
            documents: isEmpty ? [] : try documents(plan, offset: offset, limit: limit),
            aggregations: try AggregationRun(query, plan, reader).results())
    }

    private var nothing: QueryPage<Row> {
        let results = query.aggregations.map { ($0.key, JSONValue.object($0.result(over: []))) }
        return QueryPage(count: 0, isCountExact: true, documents: [], aggregations: JSONObject(results))
    }

    private func count(_ plan: QueryPlan) throws -> MatchCount {
        var matches = try MatchSet(query, plan, plan.count)
        let limit = matches.isIndexOnly ? "" : " LIMIT \(DocumentQuery.maximumPage + 1)"
        let sql = "SELECT count(*) FROM (SELECT 1 \(matches.clauses())\(limit))"
        let count = try reader.first(sql, matches.compiler.values) { Int($0.integer(0)) } ?? 0
        let isExact = limit.isEmpty || count <= DocumentQuery.maximumPage
        return MatchCount(value: isExact ? count : DocumentQuery.maximumPage, isExact: isExact)
    }

    /// One statement: finding the rows first and reading each by its own costs as much again.
    private func documents(_ plan: QueryPlan, offset: Int, limit: Int) throws -> [Row] {
        var matches = try MatchSet(query, plan, plan.page)
        let terms = matches.isMerged ? "" : " ORDER BY " + (try matches.compiler.terms(query.effectiveOrder))
        let clauses = matches.clauses(order: query.isInOrderOfTime ? query.effectiveOrder[0] : nil)
        let (number, skipped) = (
            matches.compiler.bind(.integer(Int64(limit))), matches.compiler.bind(.integer(Int64(offset)))
        )
        // The inner rows keep their order: a CROSS JOIN is not turned round, and the LIMIT keeps the inner one apart.
        let sql = """
            SELECT p.id, p.revision, p.body FROM (
            SELECT \(matches.compiler.sequence) AS seq \(clauses)\(terms) LIMIT \(number) OFFSET \(skipped)
            ) m CROSS JOIN document p ON p.seq = m.seq
            """
        var documents: [Row] = []
        documents.reserveCapacity(min(limit, 1000))
        var room = query.maximumSize ?? .max
        try reader.each(sql, matches.compiler.values) { row in
            room -= row.size(2)
            if room < 0, !documents.isEmpty { throw tooLarge(documents.count) }
            documents.append(try read(row))
        }
        return documents
    }

    private func tooLarge(_ fitting: Int) -> RoadsteadError {
        RoadsteadError(
            .invalidInput,
            """
            the page holds more than \(query.maximumSize ?? 0) bytes; ask for at most \(fitting) documents at once by first \
            and last
            """)
    }
}

/// How many documents match, exactly or at least.
struct MatchCount: Sendable, Hashable {
    let value: Int
    let isExact: Bool
}
