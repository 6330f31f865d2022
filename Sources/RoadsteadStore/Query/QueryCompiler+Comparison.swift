import RoadsteadBasics
import RoadsteadModel

extension QueryCompiler {
    mutating func compile(
        _ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) throws -> String {
        guard relation != .notEqual else { return "NOT (" + (try compile(path, .equal, literals)) + ")" }
        if let shortcut = shortcut(path, relation, literals) { return shortcut }
        if source == .visibility, IndexedAttributes.isCovered(path) {
            return try covered(path, relation, literals)
        }
        return try general(path, relation, literals)
    }

    /// On the value that `visibility` holds, and on the document only where that is not a short text.
    private mutating func covered(
        _ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) throws -> String {
        let column = column(path)
        let whenMissing = relation == .equal && literals.contains(.null) ? "1" : "0"
        let tests = compareTexts(column, relation, literals)
        let general = try aside { compiler in try compiler.general(path, relation, literals) }
        return """
            (CASE WHEN \(column) IS NULL THEN \(whenMissing) WHEN \(column) = x'' THEN \(general) \
            ELSE \(tests.isEmpty ? "0" : Self.joined(tests[...], by: " OR ")) END)
            """
    }

    private mutating func general(
        _ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) throws -> String {
        var conditions: [String] = []
        if relation == .equal, literals.contains(.null) {
            let source = try AttributeSource(path, compiler: &self)
            conditions.append("NOT EXISTS (SELECT 1 FROM \(source.tables) WHERE v.type <> 'null')")
        }
        let comparisons = compare(relation, literals)
        if !comparisons.isEmpty {
            let source = try AttributeSource(path, compiler: &self)
            conditions.append(
                """
                EXISTS (SELECT 1 FROM \(source.tables) WHERE \(Self.joined(comparisons[...], by: " OR ")) \
                AND \(source.isNoObject))
                """)
        }
        return conditions.isEmpty ? "0" : "(" + conditions.joined(separator: " OR ") + ")"
    }

    /// Conditions on `v`, one for each type of value that the literals can be compared with.
    private mutating func compare(_ relation: Filter.Operator, _ literals: [FilterLiteral]) -> [String] {
        var conditions: [String] = []
        let texts = compareTexts("v.atom", relation, literals)
        if !texts.isEmpty { conditions.append("(v.type = 'text' AND \(Self.joined(texts[...], by: " OR ")))") }
        let numbers = relation == .prefix ? [] : literals.compactMap(\.number)
        if !numbers.isEmpty {
            let tests = compare("v.atom", relation, numbers.map(\.sqlValue))
            conditions.append("(v.type IN ('integer', 'real') AND \(Self.joined(tests[...], by: " OR ")))")
        }
        for truth in [true, false] where relation == .equal && literals.contains(where: { $0.truth == truth }) {
            conditions.append("v.type = '\(truth)'")
        }
        return conditions
    }

    /// One test for each value; one for all of them where a list says the same.
    private mutating func compare(_ column: String, _ relation: Filter.Operator, _ values: [SQLValue]) -> [String] {
        let marks = values.map { bind($0) }
        guard relation == .equal, marks.count > 1 else { return marks.map { "\(column) \(relation.rawValue) \($0)" } }
        return ["\(column) IN (\(marks.joined(separator: ", ")))"]
    }

    /// The conditions on a text; none for literals that a text cannot be compared with.
    private mutating func compareTexts(
        _ column: String, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) -> [String] {
        guard relation == .equal else { return literals.compactMap { compareText(column, relation, $0) } }
        let (plain, dates) = (literals.filter { $0.period == nil }, literals.filter { $0.period != nil })
        let tests = plain.isEmpty ? [] : compare(column, relation, plain.compactMap(\.text).map { .text($0) })
        return tests + dates.compactMap { compareText(column, relation, $0) }
    }

    /// The condition on a text; nil when the literal is none that a text can be compared with.
    private mutating func compareText(
        _ column: String, _ relation: Filter.Operator, _ literal: FilterLiteral
    ) -> String? {
        let text = literal.text.map { text in
            let value = bind(.text(text))
            return relation == .prefix
                ? "substr(\(column), 1, length(\(value))) = \(value)" : "\(column) \(relation.rawValue) \(value)"
        }
        guard relation != .prefix, let period = literal.period else { return text }
        let test = compareMoment("instant_of(\(column))", relation, period)
        return "(CASE WHEN instant_of(\(column)) IS NULL THEN \(text ?? "0") ELSE \(test) END)"
    }

    /// The condition on a moment in milliseconds.
    private mutating func compareMoment(
        _ column: String, _ relation: Filter.Operator, _ period: DatePeriod
    ) -> String {
        let start = bind(.integer(period.start.millisecondsSinceEpoch))
        let end = bind(.integer(period.end.millisecondsSinceEpoch))
        switch relation {
        case .equal: return "\(column) BETWEEN \(start) AND \(end)"
        case .notEqual: return "\(column) NOT BETWEEN \(start) AND \(end)"
        case .less: return "\(column) < \(start)"
        case .greaterOrEqual: return "\(column) >= \(start)"
        case .lessOrEqual: return "\(column) <= \(end)"
        case .greater: return "\(column) > \(end)"
        case .prefix: return "0"
        }
    }

    /// The condition on a column of the table, where there is one that says the same.
    private mutating func shortcut(
        _ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) -> String? {
        let texts = literals.compactMap { if case .string(let text) = $0 { text } else { nil } }
        switch path.names {
        case ["id"] where relation == .equal && literals == [.null]: return "0"
        case ["id"] where relation == .equal && !texts.isEmpty && texts.count == literals.count:
            return "\(identifier()) IN (" + texts.map { bind(.text($0)) }.joined(separator: ", ") + ")"
        case ["id"] where texts.count == 1 && literals.count == 1 && relation.isOrder:
            return "\(identifier()) \(relation.rawValue) \(bind(.text(texts[0])))"
        case ["created"], ["updated"]:
            guard literals.count == 1, let period = literals[0].period, relation != .prefix else { return nil }
            return "(" + compareMoment(path.names == ["created"] ? created : updated, relation, period) + ")"
        default: return nil
        }
    }
}

extension Filter.Operator {
    fileprivate var isOrder: Bool { [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(self) }
}

extension JSONValue {
    var sqlValue: SQLValue {
        switch self {
        case .integer(let value): .integer(value)
        case .number(let value): .real(value)
        case .string(let value): .text(value)
        case .bool(let value): .integer(value ? 1 : 0)
        case .null, .array, .object: .null
        }
    }
}
