import RoadsteadBasics

extension FilterParser {
    func comparison(
        _ path: FilterPath, _ text: String, _ values: [Literal], isList: Bool, at start: Int
    ) throws(FilterParseError) -> Filter {
        if text == "==" { return try fullText(path, values, at: start) }
        guard let relation = Filter.Operator(rawValue: text) else {
            throw FilterParseError(start, "'\(text)' is no operator")
        }
        try check(relation, values, isList: isList, at: start)
        return .comparison(path: path, operator: relation, values: literals(values, relation))
    }

    private func literals(_ values: [Literal], _ relation: Filter.Operator) -> [FilterLiteral] {
        guard relation == .prefix, case .string(let text)? = values.first else { return values.map(literal) }
        return [.string(text)]
    }

    private func check(
        _ relation: Filter.Operator, _ values: [Literal], isList: Bool, at start: Int
    ) throws(FilterParseError) {
        switch (relation, values.first) {
        case (.equal, _), (.notEqual, _): return
        case (_, _) where isList: throw FilterParseError(start, "'\(relation.rawValue)' does not take a list")
        case (.prefix, .string?): return
        case (.prefix, _): throw FilterParseError(start, "'^=' takes a string in quotes")
        case (_, .bool?), (_, .null?):
            throw FilterParseError(start, "'\(relation.rawValue)' takes a number, a timestamp or a string in quotes")
        default: return
        }
    }

    /// Ordinary attributes are not split into words: a word of the query is a whole value, letter by letter.
    private func fullText(_ path: FilterPath, _ values: [Literal], at start: Int) throws(FilterParseError) -> Filter {
        guard case .string(let text)? = values.first else {
            throw FilterParseError(start, "'==' takes a string in quotes")
        }
        guard let query = TextQuery.parse(text) else {
            throw FilterParseError(start, "more than \(TextQuery.maximumWords) words in a full-text query")
        }
        guard path.names == ["fulltext"] else { return query.filter { Self.value($0, at: path) } }
        return query.filter(Self.words)
    }

    private static func value(_ leaf: TextQuery, at path: FilterPath) -> Filter {
        switch leaf {
        case .word(let text), .phrase(let text): .equal(path, .string(text))
        case .prefix(let text): .compare(path, .prefix, .string(text))
        case .not, .all, .any: .or([])
        }
    }

    private static func words(_ leaf: TextQuery) -> Filter {
        switch leaf {
        case .word(let text), .phrase(let text): words(text, endsInPrefix: false)
        case .prefix(let text): words(text, endsInPrefix: true)
        case .not, .all, .any: .or([])
        }
    }

    private static func words(_ text: String, endsInPrefix: Bool) -> Filter {
        let words = FullText.words(in: text).map { ExactText($0) }
        return words.isEmpty ? .or([]) : .words(words, endsInPrefix: endsInPrefix)
    }

    private func literal(_ value: Literal) -> FilterLiteral {
        switch value {
        case .integer(let value): .integer(value)
        case .date(let period, let text): period.start == period.end ? .date(period.start) : .period(period, text: text)
        case .bool(let value): .bool(value)
        case .null: .null
        case .string(let text):
            DateExpression.period(text, now: now).map { .period($0, text: text) } ?? .string(text)
        }
    }
}

// MARK: - Geography

extension FilterParser {
    mutating func takeGeoRelation() -> GeoRelation? {
        guard case .name(let name)? = peek()?.kind, let relation = GeoRelation(rawValue: name) else { return nil }
        index += 1
        return relation
    }

    mutating func geometry(_ path: FilterPath, _ relation: GeoRelation) throws(FilterParseError) -> Filter {
        let start = position
        guard case .string(let text)? = peek()?.kind else {
            throw FilterParseError(start, "'\(relation.rawValue)' takes a geometry as WKT in quotes")
        }
        index += 1
        do { return .geometry(path: path, relation, try WellKnownText.parse(text)) } catch {
            throw FilterParseError(start, "this is no geometry: \(error.problem)")
        }
    }
}
