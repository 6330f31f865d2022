import RoadsteadBasics
import RoadsteadModel

/// Turns filters and orders into SQL expressions. Everything that comes from outside is a bound value, the names of
/// attributes included. Conditions are 1 or 0, never NULL, so that they can be negated.
struct QueryCompiler {
    /// Where the rows come from: `document d`, or `visibility s`, which holds some attributes itself.
    enum Source { case document, visibility }

    /// Comparisons and values in one filter, and how deep it may nest: far below SQLite's own limits.
    static let maximumComparisons = 500
    static let maximumValues = 5000
    static let maximumDepth = 100

    let source: Source
    private(set) var values: [SQLValue]
    /// Whether an expression looks into the documents, so that `document d` must be joined to `visibility s`.
    private(set) var usesDocument = false
    /// The attributes that were taken from `visibility s` itself.
    private(set) var usedColumns: Set<String> = []
    private var comparisons = 0

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

    mutating func condition(_ filter: Filter?) throws -> String { try filter.map { try compile($0, depth: 0) } ?? "1" }

    private mutating func compile(_ filter: Filter, depth: Int) throws -> String {
        guard depth <= Self.maximumDepth else {
            throw RoadsteadError(.invalidInput, "the filter nests more than \(Self.maximumDepth) levels deep")
        }
        switch filter {
        case .and(let filters): return try joined(filters, by: " AND ", empty: "1", depth: depth)
        case .or(let filters): return try joined(filters, by: " OR ", empty: "0", depth: depth)
        case .not(let filter): return "NOT (" + (try compile(filter, depth: depth + 1)) + ")"
        case .words(let words, let endsInPrefix):
            try count(1)
            return "\(sequence) IN (\(wordsQuery(words, endsInPrefix: endsInPrefix)))"
        case .geometry(let path, let relation, let geometry):
            try count(1)
            return geo(path, relation, geometry)
        case .comparison(let path, let relation, let literals):
            try count(literals.count)
            return try compile(path, relation, literals)
        }
    }

    private mutating func count(_ literals: Int) throws {
        comparisons += 1
        guard comparisons <= Self.maximumComparisons, values.count + literals <= Self.maximumValues else {
            throw RoadsteadError(
                .invalidInput,
                "the filter is too long: at most \(Self.maximumComparisons) comparisons and \(Self.maximumValues) values"
            )
        }
    }

    private mutating func joined(
        _ filters: [Filter], by separator: String, empty: String, depth: Int
    ) throws -> String {
        if filters.isEmpty { return empty }
        var parts: [String] = []
        for filter in filters { parts.append(try compile(filter, depth: depth + 1)) }
        return "(" + parts.joined(separator: separator) + ")"
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
