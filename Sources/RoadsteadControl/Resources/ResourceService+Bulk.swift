import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `DELETE /api/<type>` with a filter: every matching resource that the caller may delete. Answers how many.
    ///
    /// What the type's rules refuse to delete stays, and is told under `failures`.
    public func bulkDelete(_ type: String, filters: [String], in scope: RequestScope) async throws -> JSONObject {
        let rules = try rules(type, for: .bulkDelete, path: type)
        let scope = try scope.admitted("bulk-delete", type)
        guard CollectionAccess.allows(rules.type.access.bulkDelete, scope.requester.claims) else {
            throw RoadsteadError.credentialsRequired
        }
        guard !filters.isEmpty else {
            throw RoadsteadError(.invalidInput, "a bulk delete needs a filter; for everything use filter=id!=null")
        }
        let sweep = try BulkSweep(filters: filters, right: .delete, rules: rules, in: scope)
        return try await sweep.run { document, transaction in
            try rules.delete(document, in: scope, transaction: transaction)
            try transaction.delete(document.id)
            try record(.delete, name: "delete", of: document.body, type: rules.type, in: scope, transaction)
        }.json(counted: "deleted")
    }

    /// `PATCH /api/<type>/<action>`: an action on all matching resources. 404 when the type has no such action.
    public func performBulk(
        _ action: String, on type: String, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard let rules = catalog.rules(type), let descriptor = rules.type.bulkAction(named: action) else {
            guard catalog.type(type) != nil else { throw RoadsteadError.invalidMethod("patch", type + "/" + action) }
            throw RoadsteadError.noSuchAction(action, type)
        }
        let scope = try scope.admitted(action, type)
        guard CollectionAccess.allows(rules.type.access.bulkAction, scope.requester.claims) else {
            throw RoadsteadError.credentialsRequired
        }
        try Schema(descriptor.input, openness: .open).check(body, as: action)
        if let tags = TagChange(action: action, body: body) {
            return .document(
                try await change(tags, as: action, filter: body["filter"]?.stringValue, by: rules, in: scope))
        }
        guard let filter = body["filter"]?.stringValue, !filter.isEmpty else {
            throw RoadsteadError(.invalidInput, "\(action) needs a filter; for everything use id!=null")
        }
        return try await rules.performBulk(action, filter: filter, body: body, in: scope)
    }

    private func change(
        _ tags: TagChange, as action: String, filter: String?, by rules: any ResourceRules, in scope: RequestScope
    ) async throws -> JSONObject {
        let sweep = try BulkSweep(
            filters: filter.map { [$0] } ?? [], right: .editData, rules: rules, in: scope)
        return try await sweep.run { document, transaction in
            var edited = document
            edited["tags"] = tags.applied(to: document["tags"])
            edited["updated-by"] = .string(scope.requester.author)
            try rules.type.check(edited.body)
            try transaction.update(edited)
            try record(.edit, name: action, of: edited.body, type: rules.type, in: scope, transaction)
        }.json(counted: "updated")
    }
}

/// `set-tags`, `add-tags`, `remove-tags` of `{"doc": {"tags": [...]}}`.
struct TagChange {
    private enum Kind: String { case set = "set-tags", add = "add-tags", remove = "remove-tags" }

    private let kind: Kind
    private let tags: [JSONValue]

    /// nil when the action is another one.
    init?(action: String, body: JSONObject) {
        guard let kind = Kind(rawValue: action), let tags = body["doc"]?["tags"]?.arrayValue else { return nil }
        self.kind = kind
        self.tags = tags
    }

    func applied(to current: JSONValue?) -> JSONValue {
        let current = current?.arrayValue ?? []
        switch kind {
        case .set: return .array(tags)
        case .add: return .array(current + tags.filter { !current.contains($0) })
        case .remove: return .array(current.filter { !tags.contains($0) })
        }
    }
}
