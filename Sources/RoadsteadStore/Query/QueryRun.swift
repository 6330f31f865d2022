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
        try query.checkAggregations()
        // The caps hold for a query that finds nothing as well.
        var compiler = QueryCompiler(.document)
        _ = try compiler.condition(query.filter)
        guard let plan = try QueryPlan(query, reader) else { return nothing }
        let count = try knownCount ?? count(plan)
        let sequences = limit > 0 && offset < count.value ? try sequences(plan, offset: offset, limit: limit) : []
        return QueryPage(
            count: count.value, isCountExact: count.isExact, documents: try sequences.map(document),
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

    private func sequences(_ plan: QueryPlan, offset: Int, limit: Int) throws -> [Int64] {
        var matches = try MatchSet(query, plan, plan.page)
        let terms = matches.isMerged ? "" : " ORDER BY " + (try matches.compiler.terms(query.effectiveOrder))
        let clauses = matches.clauses(order: query.isInOrderOfTime ? query.effectiveOrder[0] : nil)
        let (limit, offset) = (
            matches.compiler.bind(.integer(Int64(limit))), matches.compiler.bind(.integer(Int64(offset)))
        )
        let sql = "SELECT \(matches.compiler.sequence) \(clauses)\(terms) LIMIT \(limit) OFFSET \(offset)"
        var sequences: [Int64] = []
        try reader.each(sql, matches.compiler.values) { sequences.append($0.integer(0)) }
        return sequences
    }

    private func document(_ sequence: Int64) throws -> Row {
        let sql = "SELECT id, revision, body FROM document WHERE seq = ?1"
        let document = try reader.first(sql, [.integer(sequence)]) { try read($0) }
        guard let document else { throw RoadsteadError(.internal, "the store's index names a document that is gone") }
        return document
    }
}

/// How many documents match, exactly or at least.
struct MatchCount: Sendable, Hashable {
    let value: Int
    let isExact: Bool
}
