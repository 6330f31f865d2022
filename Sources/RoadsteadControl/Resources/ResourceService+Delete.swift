import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `DELETE /api/<type>/<uuid>`: 404, then 403, then 412 for another revision, then the type's own reasons (409).
    public func delete(
        _ id: ResourceID, matching condition: RevisionCondition = .any, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let rules = try rules(id.type, for: .delete, path: id.description)
        let scope = try scope.admitted("delete", id.type, id)
        do {
            let document = try await store(scope, get: rules.storedID(of: id))
            guard scope.rights(on: document.body).contains(.delete) else {
                throw RoadsteadError.forbidden(id.description)
            }
            try await scope.store.write { transaction in
                try remove(document.id, matching: condition, by: rules, in: scope, transaction)
            }
            return rules.deleted(document, in: scope)
        } catch {
            await recordFailure(of: .delete, on: id.description, type: rules.type, in: scope)
            throw error
        }
    }

    private func remove(
        _ id: ResourceID, matching condition: RevisionCondition, by rules: any ResourceRules, in scope: RequestScope,
        _ transaction: StoreTransaction
    ) throws {
        let document = try transaction.get(id)
        try condition.check(document.revision, of: id)
        if try rules.deletesLater(document, in: scope, transaction: transaction) { return }
        try rules.delete(document, in: scope, transaction: transaction)
        try transaction.delete(id)
        try record(.delete, name: "delete", of: document.body, type: rules.type, in: scope, transaction)
    }
}
