import RoadsteadBasics
import RoadsteadModel

/// Turns filters and orders into SQL expressions. Everything that comes from outside is a bound value, the names of
/// attributes included. Conditions are 1 or 0, never NULL, so that they can be negated.
struct QueryCompiler {
    /// Where the rows come from: `document d`, or `visibility s`, which holds some attributes itself.
    enum Source { case document, visibility }

    /// Comparisons and values in one filter, and how deep it may nest: below SQLite's own limits whatever is compared. A
    /// value is bound up to seven times (32,766 marks at most) and makes 220 bytes of statement (1,000,000 at most).
    static let maximumComparisons = 500
    static let maximumValues = 3000
    static let maximumDepth = 100

    let source: Source
    private(set) var values: [SQLValue]
    /// Whether an expression looks into the documents, so that `document d` must be joined to `visibility s`.
    private(set) var usesDocument = false
    /// The attributes that were taken from `visibility s` itself.
    private(set) var usedColumns: Set<String> = []
    private var comparisons = 0
    private var literals = 0

    /// `values` are those of statements that the expressions will stand beside.
    init(_ source: Source, values: [SQLValue] = []) {
        self.source = source
        self.values = values
    }

    /// Names a value for use in the statement.
    mutating func bind(_ value: SQLValue) -> String {
        values.append(value)
        return "?\(values.count)"
    }

    /// The document's text.
    mutating func body() -> String {
        usesDocument = true
        return "d.body"
    }

    /// An expression on the document for the few rows of `visibility s` that need one: without it they are not joined.
    mutating func aside(_ expression: (inout QueryCompiler) throws -> String) throws -> String {
        let before = usesDocument
        defer { usesDocument = before }
        return "(SELECT \(try expression(&self)) FROM document d WHERE d.seq = s.document)"
    }

    mutating func identifier() -> String {
        usesDocument = true
        return "d.id"
    }

    /// The column of `visibility s` that holds the attribute.
    mutating func column(_ path: FilterPath) -> String {
        let column = IndexedAttributes.column(path.names[0])
        usedColumns.insert(column)
        return "s." + column
    }

    var sequence: String { source == .document ? "d.seq" : "s.document" }
    var created: String { source == .document ? "d.created" : "s.created" }
    var updated: String { source == .document ? "d.updated" : "s.updated" }

    mutating func condition(_ filter: Filter?) throws -> String {
        let condition = try filter.map { try compile($0, negated: false, depth: 0) } ?? Part(text: "1")
        // SQLite reads a million bytes of statement; long paths come that far within the other caps.
        guard condition.text.utf8.count <= 900_000 else {
            throw RoadsteadError(
                .invalidInput, "the filter is too long; compare fewer or less deeply nested attributes")
        }
        guard condition.stack <= Self.maximumStack else { throw Self.tooDeep }
        return condition.text
    }

    /// An expression, and how many symbols SQLite's parser has on its stack when it is deepest within.
    private struct Part {
        let text: String
        var stack = 0
    }

    /// The parser has room for a hundred symbols; what stands around a condition takes some of it.
    private static let maximumStack = 65
    /// A comparison's own, with the look into the document.
    private static let comparisonStack = 25

    private static var tooDeep: RoadsteadError {
        RoadsteadError(
            .invalidInput, "the filter nests too deep; write it with fewer parentheses within each other")
    }

    /// Negations go down to the comparisons, so that they cost no depth.
    private mutating func compile(_ filter: Filter, negated: Bool, depth: Int) throws -> Part {
        guard depth <= Self.maximumDepth else { throw Self.tooDeep }
        switch filter {
        case .not(let filter): return try compile(filter, negated: !negated, depth: depth + 1)
        case .and(let filters): return try compile(filters, isAnd: !negated, negated: negated, depth: depth)
        case .or(let filters): return try compile(filters, isAnd: negated, negated: negated, depth: depth)
        case .words, .geometry, .comparison:
            let (text, values) = try single(filter)
            let stack = Self.comparisonStack + 3 * Self.levels(values)
            return Part(text: negated ? "NOT (\(text))" : text, stack: stack)
        }
    }

    private mutating func compile(_ filters: [Filter], isAnd: Bool, negated: Bool, depth: Int) throws -> Part {
        var parts: [Part] = []
        for filter in filters { parts.append(try compile(filter, negated: negated, depth: depth + 1)) }
        guard !parts.isEmpty else { return Part(text: isAnd ? "1" : "0") }
        // The first part needs an open parenthesis beneath it, the others the operator and what is before it as well.
        return Self.joined(parts.sorted { $0.stack > $1.stack }[...], by: isAnd ? " AND " : " OR ")
    }

    private static func joined(_ parts: ArraySlice<Part>, by separator: String) -> Part {
        guard parts.count > 1, let first = parts.first else { return parts.first ?? Part(text: "1") }
        guard parts.count <= 4 else {
            let middle = parts.startIndex + parts.count / 2
            return joined(
                [joined(parts[..<middle], by: separator), joined(parts[middle...], by: separator)], by: separator)
        }
        let rest = parts.dropFirst().map(\.stack).max() ?? 0
        return Part(
            text: "(" + parts.map(\.text).joined(separator: separator) + ")", stack: max(first.stack + 1, rest + 3))
    }

    /// How deep `joined` puts the last of so many parts.
    private static func levels(_ count: Int) -> Int {
        count > 4 ? 1 + levels(count - count / 2) : 1
    }

    /// A condition by itself, and how many values it compares with.
    private mutating func single(_ filter: Filter) throws -> (text: String, values: Int) {
        switch filter {
        case .words(let words, let endsInPrefix):
            try count(1)
            return ("\(sequence) IN (\(wordsQuery(words.map(\.text), endsInPrefix: endsInPrefix)))", 1)
        case .geometry(let path, let relation, let geometry):
            try count(1)
            return (geo(path, relation, geometry), 1)
        case .comparison(let path, let relation, let literals):
            try count(literals.count)
            return (try compile(path, relation, literals), literals.count { $0.period != nil })
        case .and, .or, .not: return (try condition(filter), 1)
        }
    }

    private mutating func count(_ number: Int) throws {
        comparisons += 1
        literals += number
        guard comparisons <= Self.maximumComparisons, literals <= Self.maximumValues else {
            throw RoadsteadError(
                .invalidInput,
                "the filter is too long: at most \(Self.maximumComparisons) comparisons and \(Self.maximumValues) values"
            )
        }
    }

    /// SQLite refuses an expression of a thousand levels, and of a chain every part is one: the halves are joined first.
    static func joined(_ parts: ArraySlice<String>, by separator: String) -> String {
        guard parts.count > 4 else { return "(" + parts.joined(separator: separator) + ")" }
        let middle = parts.startIndex + parts.count / 2
        return "(" + joined(parts[..<middle], by: separator) + separator + joined(parts[middle...], by: separator) + ")"
    }

    /// Words hold letters and digits only, so nothing in them can be mistaken for the index's own syntax.
    mutating func wordsQuery(_ words: [String], endsInPrefix: Bool) -> String {
        let phrase = "\"" + words.joined(separator: " ") + "\"" + (endsInPrefix ? " *" : "")
        return "SELECT rowid FROM words WHERE words MATCH " + bind(.text(phrase))
    }

    private mutating func geo(_ path: FilterPath, _ relation: GeoRelation, _ geometry: Geometry) -> String {
        // A document that does not even hold the name need not be read whole.
        let name = bind(.text("\"\(path.names.last ?? "")\""))
        let arguments = [path.description, relation.rawValue, geometry.wellKnownText].map { bind(.text($0)) }
        let body = body()
        return "(instr(\(body), \(name)) > 0 AND geo_stands(\(body), \(arguments.joined(separator: ", "))))"
    }
}
