import RoadsteadBasics

extension Filter {
    /// Reads a filter of Nuvla's language: comparisons, `and` before `or`, parentheses, lists, `null`, prefixes, and
    /// moments such as `'now-1d'`, which are counted from `now`.
    ///
    /// Full text (`==`) on anything but plain equality, and the geographic operators, are refused with a message that
    /// says so. Depth is capped at 100 parentheses, the text at 64 KiB.
    public static func parse(_ text: String, now: Instant) throws(FilterParseError) -> Filter {
        guard text.utf8.count <= 65_536 else { throw FilterParseError(65_536, "the filter is longer than 64 KiB") }
        var lexer = FilterLexer(text)
        var parser = FilterParser(tokens: try lexer.tokens(), end: text.utf8.count, now: now)
        return try parser.parseWhole()
    }
}

/// Recursive descent over the tokens of a filter.
struct FilterParser {
    let tokens: [FilterToken]
    let end: Int
    let now: Instant
    private var index = 0
    private var depth = 0

    init(tokens: [FilterToken], end: Int, now: Instant) {
        self.tokens = tokens
        self.end = end
        self.now = now
    }

    mutating func parseWhole() throws(FilterParseError) -> Filter {
        let filter = try parseOr()
        if let token = peek() { throw FilterParseError(token.position, "expected 'and', 'or' or the end") }
        return filter
    }

    private func peek() -> FilterToken? { index < tokens.count ? tokens[index] : nil }

    private var position: Int { peek()?.position ?? end }

    private mutating func take(_ kind: FilterToken.Kind) -> Bool {
        guard peek()?.kind == kind else { return false }
        index += 1
        return true
    }

    private mutating func parseOr() throws(FilterParseError) -> Filter {
        var operands = [try parseAnd()]
        while take(.name("or")) { operands.append(try parseAnd()) }
        return operands.count == 1 ? operands[0] : .or(operands)
    }

    private mutating func parseAnd() throws(FilterParseError) -> Filter {
        var operands = [try parseOperand()]
        while take(.name("and")) { operands.append(try parseOperand()) }
        return operands.count == 1 ? operands[0] : .and(operands)
    }

    private mutating func parseOperand() throws(FilterParseError) -> Filter {
        let start = position
        guard take(.open) else { return try parseComparison() }
        depth += 1
        guard depth <= 100 else { throw FilterParseError(start, "more than 100 parentheses within each other") }
        let filter = try parseOr()
        depth -= 1
        guard take(.close) else { throw FilterParseError(position, "expected ')'") }
        return filter
    }

    private mutating func parseComparison() throws(FilterParseError) -> Filter {
        let start = position
        let left = try parseSide()
        let relation = try parseOperator()
        let right = try parseSide()
        // `value op attribute` is legal and is not mirrored: `4 < cpu` asks for `cpu < 4`, as in Nuvla.
        switch (left, right) {
        case (.attribute(let path), .values(let values, let isList)),
            (.values(let values, let isList), .attribute(let path)):
            return try comparison(path, relation, values, isList: isList, at: start)
        default: throw FilterParseError(start, "a comparison needs one attribute and one value in quotes or number")
        }
    }

    private enum Side {
        case attribute(FilterPath)
        case values([Literal], isList: Bool)
    }

    /// A literal as it was written: whether it was in quotes decides where it may stand.
    private enum Literal {
        case string(String)
        case integer(Int64)
        case date(Instant)
        case bool(Bool)
        case null
    }

    private mutating func parseSide() throws(FilterParseError) -> Side {
        if take(.openList) { return .values(try parseList(), isList: true) }
        guard let token = peek() else { throw FilterParseError(end, "the filter ends where a value should be") }
        if case .name(let name) = token.kind, let keyword = Self.keyword(name) {
            index += 1
            return .values([keyword], isList: false)
        }
        if case .name(let name) = token.kind {
            index += 1
            return .attribute(try FilterAttribute.path(name, at: token.position))
        }
        return .values([try parseOrdinal()], isList: false)
    }

    private static func keyword(_ name: String) -> Literal? {
        switch name {
        case "true": .bool(true)
        case "false": .bool(false)
        case "null": .null
        default: nil
        }
    }

    private mutating func parseList() throws(FilterParseError) -> [Literal] {
        var values: [Literal] = []
        while !take(.closeList) {
            if !values.isEmpty { _ = take(.comma) }
            values.append(try parseOrdinal())
            guard values.count <= 10_000 else { throw FilterParseError(position, "more than 10000 values in a list") }
        }
        return values
    }

    private mutating func parseOrdinal() throws(FilterParseError) -> Literal {
        guard let token = peek() else { throw FilterParseError(end, "the filter ends where a value should be") }
        index += 1
        switch token.kind {
        case .string(let text): return .string(text)
        case .number(let digits):
            guard let value = Int64(digits) else { throw FilterParseError(token.position, "\(digits) is too large") }
            return .integer(value)
        case .date(let text):
            guard let instant = Instant(rfc3339: text) else {
                throw FilterParseError(token.position, "'\(text)' is not a full timestamp; put a partial one in quotes")
            }
            return .date(instant)
        default: throw FilterParseError(token.position, "expected a value in quotes, a number or a timestamp")
        }
    }

    private mutating func parseOperator() throws(FilterParseError) -> String {
        guard let token = peek() else { throw FilterParseError(end, "the filter ends where an operator should be") }
        index += 1
        switch token.kind {
        case .operator(let text): return text
        case .name(let name) where ["intersects", "disjoint", "within", "contains"].contains(name):
            throw FilterParseError(token.position, "the geographic operator '\(name)' is not supported by this server")
        default: throw FilterParseError(token.position, "expected one of = != < <= > >= ^=")
        }
    }
}

extension FilterParser {
    private func comparison(
        _ path: FilterPath, _ text: String, _ values: [Literal], isList: Bool, at start: Int
    ) throws(FilterParseError) -> Filter {
        // Ordinary attributes are not split into words, so full text on them is equality, with a trailing * for a prefix.
        if text == "==" { return try fullText(path, values, at: start) }
        guard let relation = Filter.Operator(rawValue: text) else {
            throw FilterParseError(start, "'\(text)' is no operator")
        }
        try check(relation, values, isList: isList, at: start)
        return .comparison(path: path, operator: relation, values: values.map { literal($0, relation) })
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

    private func fullText(_ path: FilterPath, _ values: [Literal], at start: Int) throws(FilterParseError) -> Filter {
        guard case .string(let text)? = values.first else {
            throw FilterParseError(start, "'==' takes a string in quotes")
        }
        let word = text.hasSuffix("*") ? String(text.dropLast()) : text
        guard path.names != ["fulltext"], !word.contains(where: { " +|-\"*()~".contains($0) }) else {
            throw FilterParseError(start, "full-text search is not supported by this server; use = or ^=")
        }
        return .compare(path, text.hasSuffix("*") ? .prefix : .equal, .string(word))
    }

    private func literal(_ value: Literal, _ relation: Filter.Operator) -> FilterLiteral {
        switch value {
        case .integer(let value): .integer(value)
        case .date(let instant): .date(instant)
        case .bool(let value): .bool(value)
        case .null: .null
        case .string(let text): moment(text, relation).map(FilterLiteral.date) ?? .string(text)
        }
    }

    /// `'now-1d'` in any comparison, and full timestamps where order counts: a missing fraction must not decide.
    private func moment(_ text: String, _ relation: Filter.Operator) -> Instant? {
        if let moment = DateMath.moment(text, now: now) { return moment }
        let isOrder = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(relation)
        return isOrder ? Instant(rfc3339: text) : nil
    }
}
