import RoadsteadBasics
import RoadsteadModel

/// A question for documents of one type: Nuvla's collection query without `select`.
public struct DocumentQuery: Sendable {
    /// Orders by the attribute's value; missing values come last in both directions, arrays count by their least value
    /// ascending and by their greatest descending. An attribute that no document has is simply missing.
    public struct Order: Sendable, Hashable {
        public var path: FilterPath
        public var isAscending: Bool

        public init(_ path: FilterPath, ascending isAscending: Bool = true) {
            self.path = path
            self.isAscending = isAscending
        }
    }

    /// How far into the matches a page may reach, and up to where they are counted when counting means reading them.
    public static let maximumPage = 10_000
    /// By how many attributes a page may be ordered.
    public static let maximumOrder = 20
    /// Bytes of the documents on a page that is answered to a request.
    public static let maximumAnswerSize = 64 << 20

    public var type: String
    public var filter: Filter?
    /// Only documents that one of these principals may list; nil, and the administrators' group among them, lists all.
    public var visibleTo: Set<String>?
    /// Empty: in the order of making. Equal documents keep that order; with a time downwards they come newest first.
    public var order: [Order]
    /// The first document of the page, from 1.
    public var first: Int
    /// The last document of the page, inclusive; 0 counts only. nil: as far as `maximumPage`.
    public var last: Int?
    /// Figures over all matches, whatever the page.
    public var aggregations: [Aggregation]
    /// Bytes of all documents on the page; a larger one is refused. nil: no matter how many.
    public var maximumSize: Int?

    public init(
        type: String, filter: Filter? = nil, visibleTo: Set<String>? = nil, order: [Order] = [], first: Int = 1,
        last: Int? = nil, aggregations: [Aggregation] = []
    ) {
        self.type = type
        self.filter = filter
        self.visibleTo = visibleTo
        self.order = order
        self.first = first
        self.last = last
        self.aggregations = aggregations
    }
}

/// A page of the answer to a `DocumentQuery`.
public struct QueryPage<Row: Sendable>: Sendable {
    /// How many documents match, on this page or not.
    public let count: Int
    /// False: `count` is `DocumentQuery.maximumPage` because there are more matches than were counted.
    public let isCountExact: Bool
    public let documents: [Row]
    /// The results by their keys (`terms:state`), in the order in which they were asked for; empty without aggregations.
    public let aggregations: JSONObject

    var matchCount: MatchCount { MatchCount(value: count, isExact: isCountExact) }
}

public typealias DocumentPage = QueryPage<StoredDocument>

extension DocumentQuery {
    /// How many documents to pass over, and how many to give. Throws invalidInput past `maximumPage`.
    func page() throws -> (offset: Int, limit: Int) {
        let offset = max(first, 1) - 1
        let last = last ?? Self.maximumPage
        guard last <= Self.maximumPage else {
            throw RoadsteadError(
                .invalidInput, "last=\(last) lies beyond the first \(Self.maximumPage) matches; narrow the filter")
        }
        return (offset, max(last - offset, 0))
    }

    func checkOrder() throws {
        guard order.count <= Self.maximumOrder else {
            throw RoadsteadError(
                .invalidInput, "orderby names \(order.count) attributes; order by at most \(Self.maximumOrder)")
        }
    }

    func checkAggregations() throws {
        guard aggregations.count <= Aggregation.maximumCount else {
            throw RoadsteadError(
                .invalidInput,
                "\(aggregations.count) aggregations are too many; ask for at most \(Aggregation.maximumCount) at once")
        }
    }
}

extension Filter {
    /// All attributes that the filter looks at.
    public var paths: Set<FilterPath> {
        switch self {
        case .comparison(let path, _, _), .geometry(let path, _, _): [path]
        case .words: []
        case .and(let filters), .or(let filters): filters.reduce(into: []) { $0.formUnion($1.paths) }
        case .not(let filter): filter.paths
        }
    }

    /// Conditions that all must hold.
    var conjuncts: [Filter] {
        guard case .and(let filters) = self else { return [self] }
        return filters.flatMap(\.conjuncts)
    }
}
