import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// One change to every resource that matches filters and that the caller has a right on, a few hundred a transaction.
struct BulkSweep {
    private static let batch = 200

    private let query: DocumentQuery
    private let right: AccessRight
    private let scope: RequestScope

    /// Whether the caller may is part of the query, so that what it may not touch costs nothing; and is asked again where
    /// the change is made, as somebody may have changed the list, or the document, meanwhile.
    init(
        filters: [String], right: AccessRight, rules: any ResourceRules, in scope: RequestScope
    ) throws(RoadsteadError) {
        var query = try DocumentQuery(QueryParameters(filters: filters), rules: rules, in: scope)
        if !scope.requester.isAdmin {
            let claims = scope.requester.claims.sorted()
            let mayTouch =
                Filter.oneOf(FilterPath("acl/owners"), claims)
                || .oneOf(FilterPath("acl/" + right.rawValue), claims)
            query.filter = query.filter.map { $0 && mayTouch } ?? mayTouch
        }
        query.order = [.init("id")]
        query.last = Self.batch
        self.query = query
        self.right = right
        self.scope = scope
    }

    /// Goes through the matches by id, each once; what fails for reasons of its own is counted among the failures.
    func run(
        _ change: @escaping @Sendable (StoredDocument, StoreTransaction) throws -> Void
    ) async throws -> BulkStatistics {
        var statistics = BulkStatistics()
        let start = scope.now
        var ids = try await matches(after: nil)
        while let last = ids.last {
            let batch = ids
            statistics.add(try await scope.store.write { try apply(change, to: batch, $0) })
            ids = try await matches(after: last)
        }
        statistics.took = (scope.now - start).wholeMilliseconds
        return statistics
    }

    private func matches(after last: ResourceID?) async throws -> [ResourceID] {
        var query = query
        if let last {
            let rest = Filter.compare("id", .greater, .string(last.description))
            query.filter = query.filter.map { $0 && rest } ?? rest
        }
        return try await scope.store.query(query).documents.map(\.id)
    }

    private func apply(
        _ change: (StoredDocument, StoreTransaction) throws -> Void, to ids: [ResourceID],
        _ transaction: StoreTransaction
    ) throws -> BulkStatistics {
        var statistics = BulkStatistics()
        for id in ids {
            guard let document = try transaction.find(id), query.filter?.matches(document.body) ?? true,
                scope.rights(on: document.body).contains(right)
            else { continue }
            do {
                try change(document, transaction)
                statistics.changed += 1
            } catch let error as RoadsteadError where [.conflict, .invalidState, .forbidden].contains(error.code) {
                statistics.failures.append(["id": .string(id.description), "message": .string(error.message)])
            }
        }
        return statistics
    }
}

/// The figures that a search engine gives after a bulk request; clients read `deleted`, `updated` and `total`.
struct BulkStatistics: Sendable {
    var changed = 0
    var failures: [JSONObject] = []
    /// Milliseconds.
    var took: Int64 = 0

    mutating func add(_ other: BulkStatistics) {
        changed += other.changed
        failures += other.failures
    }

    /// `name`: what happened to those that were changed, `deleted` or `updated`.
    func json(counted name: String) -> JSONObject {
        [
            "took": .integer(took), "timed_out": false, "total": JSONValue(changed + failures.count),
            name: JSONValue(changed), "batches": 1, "version_conflicts": 0, "noops": 0,
            "retries": ["bulk": 0, "search": 0], "throttled_millis": 0, "requests_per_second": -1.0,
            "throttled_until_millis": 0, "failures": .array(failures.prefix(100).map(JSONValue.object)),
        ]
    }
}
