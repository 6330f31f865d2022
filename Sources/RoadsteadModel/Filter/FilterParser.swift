import RoadsteadBasics

extension Filter {
    /// Reads a filter of Nuvla's language: comparisons, `and` before `or`, parentheses, lists, `null`, prefixes, full
    /// text (`==`), geographic operators with WKT, and dates such as `'2026-11'` and `'now-1d/d'`, counted from `now`.
    ///
    /// Depth is capped at 100 parentheses, the text at 64 KiB.
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
    var index = 0
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

    func peek() -> FilterToken? { index < tokens.count ? tokens[index] : nil }

    var position: Int { peek()?.position ?? end }

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
        if case .attribute(let path) = left, let relation = takeGeoRelation() {
            return try geometry(path, relation)
        }
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
    enum Literal {
        case string(String)
        case integer(Int64)
        case date(DatePeriod, String)
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
            guard let period = DateExpression.date(text) else {
                throw FilterParseError(token.position, "'\(text)' is not a date such as 2026-11-05T10:00:00Z")
            }
            return .date(period, text)
        default: throw FilterParseError(token.position, "expected a value in quotes, a number or a timestamp")
        }
    }

    private mutating func parseOperator() throws(FilterParseError) -> String {
        guard let token = peek() else { throw FilterParseError(end, "the filter ends where an operator should be") }
        index += 1
        switch token.kind {
        case .operator(let text): return text
        case .name(let name) where GeoRelation(rawValue: name) != nil:
            throw FilterParseError(token.position, "'\(name)' takes the attribute first and WKT in quotes behind it")
        default:
            throw FilterParseError(
                token.position, "expected one of = != < <= > >= ^= == intersects disjoint within contains")
        }
    }
}
