import RoadsteadBasics
import RoadsteadModel

extension QueryCompiler {
    /// Attributes that hold one text or nothing and are asked for often enough to have an index. The expressions are
    /// those of the indexes, letter by letter: SQLite uses an index on an expression only then.
    private static let indexedAttributes: [[String]: String] = [
        ["parent"]: "json_extract(d.body, '$.parent')",
        ["content", "resource", "href"]: "json_extract(d.body, '$.content.resource.href')",
        ["target-resource", "href"]: "json_extract(d.body, '$.\"target-resource\".href')",
    ]

    mutating func compile(
        _ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) throws -> String {
        guard relation != .notEqual else { return "NOT (" + (try compile(path, .equal, literals)) + ")" }
        if let shortcut = shortcut(path, relation, literals) { return shortcut }
        var conditions: [String] = []
        if relation == .equal, literals.contains(.null) {
            let source = try AttributeSource(path, compiler: &self)
            conditions.append("NOT EXISTS (SELECT 1 FROM \(source.tables) WHERE v.type <> 'null')")
        }
        let comparisons = literals.flatMap { compare(relation, $0) }
        if !comparisons.isEmpty {
            let source = try AttributeSource(path, compiler: &self)
            conditions.append(
                """
                EXISTS (SELECT 1 FROM \(source.tables) WHERE (\(comparisons.joined(separator: " OR "))) \
                AND \(source.isNoObject))
                """)
        }
        return conditions.isEmpty ? "0" : "(" + conditions.joined(separator: " OR ") + ")"
    }

    /// Conditions on `v`, one for each type of value that the literal can be compared with.
    private mutating func compare(_ relation: Filter.Operator, _ literal: FilterLiteral) -> [String] {
        var conditions: [String] = []
        if case .date(let instant) = literal, relation != .prefix {
            let value = bind(instant.millisecondsSinceEpoch)
            return ["(v.type = 'text' AND instant_of(v.atom) \(relation.rawValue) \(value))"]
        }
        if let text = literal.text {
            let value = bind(text)
            let test =
                relation == .prefix
                ? "substr(v.atom, 1, length(\(value))) = \(value)" : "v.atom \(relation.rawValue) \(value)"
            conditions.append("(v.type = 'text' AND \(test))")
        }
        if relation != .prefix, let number = literal.number {
            let value = number.integerLiteral.map { bind($0) } ?? bind(number.doubleValue ?? .nan)
            conditions.append("(v.type IN ('integer', 'real') AND v.atom \(relation.rawValue) \(value))")
        }
        if relation == .equal, let truth = literal.truth { conditions.append("v.type = '\(truth)'") }
        return conditions
    }

    /// The condition on a column or an indexed expression, where there is one that says the same.
    private mutating func shortcut(
        _ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]
    ) -> String? {
        let texts = literals.compactMap { if case .string(let text) = $0 { text } else { nil } }
        if relation == .equal, !texts.isEmpty, texts.count == literals.count {
            guard let column = path.names == ["id"] ? "d.id" : Self.indexedAttributes[path.names] else { return nil }
            // Without the second half a missing value would make this NULL, and its negation NULL too instead of true.
            return "(\(column) IN (" + texts.map { bind($0) }.joined(separator: ", ") + ") AND \(column) IS NOT NULL)"
        }
        guard relation != .prefix, literals.count == 1, case .date(let instant)? = literals.first,
            path.names == ["created"] || path.names == ["updated"], let column = Self.column(of: path)
        else { return nil }
        return "\(column) \(relation.rawValue) \(bind(instant.millisecondsSinceEpoch))"
    }
}

extension JSONValue {
    fileprivate var integerLiteral: Int64? { if case .integer(let value) = self { value } else { nil } }
}
