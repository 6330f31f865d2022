import RoadsteadBasics
import RoadsteadModel

/// A condition of the filter that an index answers: the documents among which all matches are.
struct CandidateSource {
    /// `SELECT … document …`, its values numbered from 1. No document comes twice.
    let sql: String
    /// The same, but some may come twice; its first rows come at once.
    let quickSQL: String
    let values: [SQLValue]
    /// Whether many documents tend to share the value, as they do a state.
    let isCommon: Bool

    private static let common: Set<String> = ["state", "subtype", "method", "action", "category", "content-type"]

    /// From the filter's own conditions, the one that should leave fewest documents first.
    static func all(_ filter: Filter?, type: String) -> [CandidateSource] {
        let conjuncts = filter?.conjuncts ?? []
        let listed = IndexedAttributes.listed.flatMap { Self.listed(conjuncts, $0) }
            .map { CandidateSource($0, type: type) }
        return conjuncts.compactMap(identifiers) + listed + conjuncts.compactMap(words)
    }

    /// The conditions on one attribute; `timestamp >= a and timestamp < b` is one range.
    private static func listed(_ conjuncts: [Filter], _ path: FilterPath) -> [ListedCondition] {
        conjuncts.reduce(into: []) { conditions, conjunct in
            guard case .comparison(path, let relation, let literals) = conjunct,
                let condition = ListedCondition(path, relation, literals)
            else { return }
            if let last = conditions.last, let both = last.intersected(with: condition) {
                conditions[conditions.count - 1] = both
            } else {
                conditions.append(condition)
            }
        }
    }

    private init(_ condition: ListedCondition, type: String) {
        var compiler = QueryCompiler(.document)
        let key = "type = \(compiler.bind(.text(type))) AND name = \(compiler.bind(.text(condition.name)))"
        let parts = condition.tests.map { test in
            let tests = test.map { "value \($0.relation) \(compiler.bind(.text($0.value)))" }
            return "SELECT document FROM attribute_value WHERE \(key) AND \(tests.joined(separator: " AND "))"
        }
        let quickSQL = parts.joined(separator: " UNION ALL ")
        self.init(
            sql: "SELECT DISTINCT document FROM (\(quickSQL))", quickSQL: quickSQL, values: compiler.values,
            isCommon: Self.common.contains(condition.name))
    }

    private static func identifiers(_ filter: Filter) -> CandidateSource? {
        guard case .comparison(path: "id", operator: .equal, let literals) = filter else { return nil }
        let texts = literals.compactMap { if case .string(let text) = $0 { text } else { nil } }
        guard !texts.isEmpty, texts.count == literals.count else { return nil }
        var compiler = QueryCompiler(.document)
        let marks = texts.map { compiler.bind(.text($0)) }.joined(separator: ", ")
        let sql = "SELECT seq AS document FROM document WHERE id IN (\(marks))"
        return CandidateSource(sql: sql, quickSQL: sql, values: compiler.values)
    }

    private static func words(_ filter: Filter) -> CandidateSource? {
        guard case .words(let words, let endsInPrefix) = filter else { return nil }
        var compiler = QueryCompiler(.document)
        let rows = compiler.wordsQuery(words.map(\.text), endsInPrefix: endsInPrefix)
        let sql = "SELECT rowid AS document FROM (\(rows))"
        return CandidateSource(sql: sql, quickSQL: sql, values: compiler.values)
    }

    private init(sql: String, quickSQL: String, values: [SQLValue], isCommon: Bool = false) {
        self.sql = sql
        self.quickSQL = quickSQL
        self.values = values
        self.isCommon = isCommon
    }
}
