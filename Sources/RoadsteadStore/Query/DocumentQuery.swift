import GRDB
import RoadsteadBasics
import RoadsteadModel

/// A question for documents of one type: Nuvla's collection query without `select` and aggregations.
public struct DocumentQuery: Sendable {
    /// Orders by the attribute's value; missing values come last in both directions, arrays count by their least value
    /// ascending and by their greatest descending.
    public struct Order: Sendable, Hashable {
        public var path: FilterPath
        public var isAscending: Bool

        public init(_ path: FilterPath, ascending isAscending: Bool = true) {
            self.path = path
            self.isAscending = isAscending
        }
    }

    public static let maximumPage = 10_000

    public var type: String
    public var filter: Filter?
    /// Only documents that one of these principals may list; nil lists all of them.
    public var visibleTo: Set<String>?
    /// Equal documents keep the order in which they were made.
    public var order: [Order]
    /// The first document of the page, from 1.
    public var first: Int
    /// The last document of the page, inclusive; 0 counts only. nil: `maximumPage` documents.
    public var last: Int?

    public init(
        type: String, filter: Filter? = nil, visibleTo: Set<String>? = nil, order: [Order] = [], first: Int = 1,
        last: Int? = nil
    ) {
        self.type = type
        self.filter = filter
        self.visibleTo = visibleTo
        self.order = order
        self.first = first
        self.last = last
    }
}

/// A page of the answer to a `DocumentQuery`.
public struct DocumentPage: Sendable {
    /// How many documents match, on this page or not.
    public let count: Int
    public let documents: [StoredDocument]
}

extension DocumentQuery {
    /// Runs within one read transaction, so that count and page belong together.
    ///
    /// Throws limitExceeded when the page is longer than `maximumPage`, invalidInput for a filter past the compiler's caps.
    func run(in database: Database) throws -> DocumentPage {
        var compiler = QueryCompiler()
        let condition = try compiler.condition(of: self)
        let count =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM document d WHERE " + condition,
                arguments: compiler.statementArguments) ?? 0
        let (offset, limit) = try page()
        guard limit > 0, offset < count else { return DocumentPage(count: count, documents: []) }
        let order = try compiler.order(of: self)
        let sql = """
            SELECT d.id, d.revision, d.body FROM document d WHERE \(condition) ORDER BY \(order) \
            LIMIT \(compiler.bind(limit)) OFFSET \(compiler.bind(offset))
            """
        let rows = try Row.fetchCursor(database, sql: sql, arguments: compiler.statementArguments)
        var documents: [StoredDocument] = []
        while let row = try rows.next() { documents.append(try DocumentRows.document(row)) }
        return DocumentPage(count: count, documents: documents)
    }

    private func page() throws -> (offset: Int, limit: Int) {
        let offset = max(first, 1) - 1
        guard let last else { return (offset, Self.maximumPage) }
        let limit = max(last - offset, 0)
        guard limit <= Self.maximumPage else {
            throw RoadsteadError(
                .limitExceeded, "a page of \(limit) documents is too long; ask for at most \(Self.maximumPage) at once")
        }
        return (offset, limit)
    }
}
