import RoadsteadBasics
import RoadsteadModel

/// From where the rows of a query are taken.
enum QueryDriver {
    /// All documents of the type.
    case type
    /// The documents that some principals may list, in the order of making or of the last update.
    case visibility([String])
    /// Few documents that an index gave.
    case candidates(CandidateSource)
}

/// How a query is answered. Decided by small looks into the indexes, as SQLite cannot know how many documents a principal
/// may list or share a state.
struct QueryPlan {
    /// Candidates are fetched and sorted when there are no more of them; else a walk in the page's order is quicker.
    private static let manyCandidates = 5000
    private static let fewCandidates = 200
    /// SQLite merges no more than 500 statements; long before that, looking at each document is quicker.
    private static let maximumPrincipals = 60

    let page: QueryDriver
    let count: QueryDriver
    /// The principals that may list something of this type; nil: no restriction.
    let principals: [String]?

    /// nil when the principals may list nothing of the type.
    init?(_ query: DocumentQuery, _ reader: SQLReader) throws {
        let principals = try Self.principals(query, reader)
        self.principals = principals
        if principals?.isEmpty == true { return nil }
        let usable = CandidateSource.all(query.filter, type: query.type).filter { principals == nil || !$0.isCommon }
        let walk = Self.walk(principals)
        for source in usable {
            let number = try Self.number(of: source, reader)
            guard number <= Self.manyCandidates else { continue }
            guard number > Self.fewCandidates, case .visibility(let names) = walk else {
                (page, count) = (.candidates(source), .candidates(source))
                return
            }
            let isQuicker = try Self.visible(to: names, type: query.type, atMost: number, reader)
            (page, count) = isQuicker ? (walk, walk) : (.candidates(source), .candidates(source))
            return
        }
        count = usable.first.map(QueryDriver.candidates) ?? walk
        page = query.isInOrderOfTime ? walk : count
    }

    private static func walk(_ principals: [String]?) -> QueryDriver {
        guard let principals, principals.count <= maximumPrincipals else { return .type }
        return .visibility(principals)
    }

    private static func principals(_ query: DocumentQuery, _ reader: SQLReader) throws -> [String]? {
        guard let names = query.visibleTo, !names.contains(Principal.admin) else { return nil }
        return try names.sorted().filter { name in
            let sql = "SELECT 1 FROM visibility WHERE principal = ?1 AND type = ?2 LIMIT 1"
            return try reader.first(sql, [.text(name), .text(query.type)]) { _ in true } ?? false
        }
    }

    private static func number(of source: CandidateSource, _ reader: SQLReader) throws -> Int {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM (\(source.quickSQL)) LIMIT \(manyCandidates + 1))"
        return try reader.first(sql, source.values) { Int($0.integer(0)) } ?? 0
    }

    /// Whether the principals may list so few documents that looking at all of them is quicker.
    private static func visible(
        to principals: [String], type: String, atMost limit: Int, _ reader: SQLReader
    ) throws -> Bool {
        let sql = """
            SELECT count(*) FROM (SELECT 1 FROM visibility WHERE principal = ?1 AND type = ?2 LIMIT \(limit + 1))
            """
        var sum = 0
        for principal in principals where sum <= limit {
            sum += try reader.first(sql, [.text(principal), .text(type)]) { Int($0.integer(0)) } ?? 0
        }
        return sum <= limit
    }
}

extension DocumentQuery {
    /// The order, or the one that stands for none.
    var effectiveOrder: [Order] { order.isEmpty ? [Order("created")] : order }

    /// Whether an index gives the order.
    var isInOrderOfTime: Bool { effectiveOrder.count == 1 && ["created", "updated"].contains(effectiveOrder[0].path) }
}
