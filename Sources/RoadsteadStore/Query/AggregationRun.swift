import RoadsteadBasics
import RoadsteadModel

/// Figures over all matches, by SQL. `Aggregation.result(over:)` is the same in memory.
struct AggregationRun {
    private let query: DocumentQuery
    private let plan: QueryPlan
    private let reader: SQLReader

    init(_ query: DocumentQuery, _ plan: QueryPlan, _ reader: SQLReader) {
        self.query = query
        self.plan = plan
        self.reader = reader
    }

    func results() throws -> JSONObject {
        try JSONObject(query.aggregations.map { ($0.key, .object(try result($0))) })
    }

    private func result(_ aggregation: Aggregation) throws -> JSONObject {
        switch aggregation.algorithm {
        case .min, .max, .sum, .avg: try figures(aggregation).single(aggregation.algorithm)
        case .stats: try figures(aggregation).stats
        case .extendedstats: try excess(aggregation, over: figures(aggregation)).extendedStats
        case .valueCount: ["value": try number("SELECT count(*) FROM", aggregation)]
        case .cardinality:
            ["value": try number("SELECT count(*) FROM (SELECT DISTINCT kind, key FROM", aggregation, ")")]
        case .missing: ["doc_count": try missing(aggregation)]
        case .percentiles: try percentiles(aggregation)
        case .terms: try terms(aggregation)
        }
    }

    /// The attribute's values as a table: document, kind (0 number, 1 truth value, 2 timestamp, 3 text), key and figure.
    private func values(_ aggregation: Aggregation) throws -> (sql: String, values: [SQLValue]) {
        var matches = try MatchSet(query, plan, plan.count)
        let source = try AttributeSource(aggregation.path, compiler: &matches.compiler)
        let moment = "CASE v.type WHEN 'text' THEN instant_of(v.atom) END"
        let sql = """
            (SELECT document, CASE WHEN type IN ('integer', 'real') THEN 0 WHEN type IN ('true', 'false') THEN 1 \
            WHEN moment IS NOT NULL THEN 2 ELSE 3 END AS kind, coalesce(moment, atom) AS key, \
            CASE type WHEN 'text' THEN moment ELSE atom END AS figure \
            FROM (SELECT \(matches.compiler.sequence) AS document, v.type AS type, v.atom AS atom, \(moment) AS moment \
            \(matches.clauses(joined: source.tables)) AND v.type NOT IN ('null', 'array', 'object') \
            AND \(source.isNoObject) LIMIT -1))
            """
        return (sql, matches.compiler.values)
    }

    private func number(_ head: String, _ aggregation: Aggregation, _ tail: String = "") throws -> JSONValue {
        let table = try values(aggregation)
        let count = try reader.first("\(head) \(table.sql)\(tail)", table.values) { $0.integer(0) }
        return .integer(count ?? 0)
    }

    private func figures(_ aggregation: Aggregation) throws -> AggregateFigures {
        let table = try values(aggregation)
        let sql = """
            SELECT count(*), min(figure), max(figure), total(figure), total(figure * 1.0 * figure), min(kind), max(kind) \
            FROM \(table.sql) WHERE figure IS NOT NULL
            """
        let figures = try reader.first(sql, table.values) { row in
            var figures = AggregateFigures()
            figures.count = Int(row.integer(0))
            guard figures.count > 0 else { return figures }
            (figures.minimum, figures.maximum) = (row.double(1), row.double(2))
            (figures.sum, figures.sumOfSquares) = (row.double(3), row.double(4))
            figures.areDates = row.integer(5) == 2 && row.integer(6) == 2
            return figures
        }
        return figures ?? AggregateFigures()
    }

    /// The figures with what variances need.
    private func excess(_ aggregation: Aggregation, over figures: AggregateFigures) throws -> AggregateFigures {
        guard figures.count > 0 else { return figures }
        var table = try values(aggregation)
        table.values.append(.real(figures.minimum))
        let excess = "(figure - ?\(table.values.count))"
        let sql = "SELECT total(\(excess)), total(\(excess) * \(excess)) FROM \(table.sql) WHERE figure IS NOT NULL"
        return try reader.first(sql, table.values) { row in
            var figures = figures
            (figures.excess, figures.excessOfSquares) = (row.double(0), row.double(1))
            return figures
        } ?? figures
    }

    private func missing(_ aggregation: Aggregation) throws -> JSONValue {
        var narrowed = query
        narrowed.filter = .and([query.filter ?? .and([]), .equal(aggregation.path, nil)])
        var matches = try MatchSet(narrowed, plan, plan.count)
        let sql = "SELECT count(*) \(matches.clauses())"
        return .integer(try reader.first(sql, matches.compiler.values) { $0.integer(0) } ?? 0)
    }

    private func percentiles(_ aggregation: Aggregation) throws -> JSONObject {
        let table = try values(aggregation)
        let numbers = "\(table.sql) WHERE figure IS NOT NULL"
        let count = try reader.first("SELECT count(*) FROM \(numbers)", table.values) { Int($0.integer(0)) } ?? 0
        let ranks = Set(
            Aggregation.percents.flatMap { percent in
                let ranks = Aggregation.ranks(of: percent, count: count)
                return [ranks.lower, ranks.upper]
            })
        let sql = """
            SELECT rank, figure FROM (SELECT figure, row_number() OVER (ORDER BY figure) - 1 AS rank FROM \(numbers)) \
            WHERE rank IN (\(ranks.sorted().map(String.init).joined(separator: ", ")))
            """
        var found: [Int: Double] = [:]
        try reader.each(sql, table.values) { found[Int($0.integer(0))] = $0.double(1) }
        return Aggregation.percentiles(count: count) { found[$0] }
    }

    /// Each document counts once in a bucket, however often it holds the value.
    private func terms(_ aggregation: Aggregation) throws -> JSONObject {
        let table = try values(aggregation)
        let sql = """
            SELECT kind, key, count(DISTINCT document) AS number, sum(count(DISTINCT document)) OVER () AS total \
            FROM \(table.sql) GROUP BY kind, key ORDER BY number DESC, kind, key LIMIT \(Aggregation.bucketCount)
            """
        var buckets: [(value: AggregateValue, count: Int)] = []
        var total = 0
        try reader.each(sql, table.values) { row in
            total = Int(row.integer(3))
            buckets.append((Self.value(row), Int(row.integer(2))))
        }
        return Aggregation.terms(buckets, others: total - buckets.reduce(0) { $0 + $1.count })
    }

    private static func value(_ row: SQLRow) -> AggregateValue {
        switch row.integer(0) {
        case 0:
            let number = row.isReal(1) ? JSONValue.number(row.double(1)) : .integer(row.integer(1))
            return AggregateValue(number) ?? .number(number)
        case 1: return .bool(row.integer(1) != 0)
        case 2: return .date(Instant(millisecondsSinceEpoch: row.integer(1)))
        default: return .text(row.text(1))
        }
    }
}
