import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `DELETE /api/<type>/<uuid>`: 404, then 403, then the type's own reasons (409).
    public func delete(_ id: ResourceID, in scope: RequestScope) async throws -> ResourceAnswer {
        let rules = try rules(id.type, for: .delete, path: id.description)
        let scope = try scope.admitted("delete", id.type, id)
        do {
            let document = try await store(scope, get: rules.storedID(of: id))
            guard scope.rights(on: document.body).contains(.delete) else {
                throw RoadsteadError.forbidden(id.description)
            }
            try await scope.store.write { transaction in try remove(document.id, by: rules, in: scope, transaction) }
            return rules.deleted(document, in: scope)
        } catch {
            await recordFailure(of: .delete, on: id.description, type: rules.type, in: scope)
            throw error
        }
    }

    private func remove(
        _ id: ResourceID, by rules: any ResourceRules, in scope: RequestScope, _ transaction: StoreTransaction
    ) throws {
        let document = try transaction.get(id)
        try rules.delete(document, in: scope, transaction: transaction)
        try transaction.delete(id)
        try record(.delete, name: "delete", of: document.body, type: rules.type, in: scope, transaction)
    }

    /// `DELETE /api/<type>` with a filter: every matching resource that the caller may delete. Answers how many.
    public func bulkDelete(_ type: String, filters: [String], in scope: RequestScope) async throws -> JSONObject {
        let rules = try rules(type, for: .bulkDelete, path: type)
        let scope = try scope.admitted("bulk-delete", type)
        guard CollectionAccess.allows(rules.type.access.bulkDelete, scope.requester.claims) else {
            throw RoadsteadError.credentialsRequired
        }
        guard !filters.isEmpty else {
            throw RoadsteadError(.invalidInput, "a bulk delete needs a filter; for everything use filter=id!=null")
        }
        let query = try DocumentQuery(QueryParameters(filters: filters), rules: rules, in: scope)
        let page = try await scope.store.query(query)
        let doomed = page.documents.filter { scope.rights(on: $0.body).contains(.delete) }
        try await scope.store.write { transaction in
            for document in doomed {
                try rules.delete(document, in: scope, transaction: transaction)
                try transaction.delete(document.id)
            }
        }
        return BulkStatistics.json(deleted: doomed.count)
    }
}

/// The figures that a search engine gives after a bulk request; clients read `deleted`, `updated` and `total`.
enum BulkStatistics {
    static func json(deleted: Int) -> JSONObject {
        [
            "took": 0, "timed_out": false, "total": JSONValue(deleted), "deleted": JSONValue(deleted), "batches": 1,
            "version_conflicts": 0, "noops": 0, "retries": ["bulk": 0, "search": 0], "throttled_millis": 0,
            "requests_per_second": -1.0, "throttled_until_millis": 0, "failures": [],
        ]
    }
}
