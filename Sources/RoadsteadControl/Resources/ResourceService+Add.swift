import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `POST /api/<type>`: 201 with the new id. Template problems (400) come before rights (403), as in the dialect.
    public func add(_ type: String, _ body: JSONObject, in scope: RequestScope) async throws -> ResourceAnswer {
        let rules = try rules(type, for: .add, path: type)
        let scope = try scope.admitted("add", type)
        do {
            return try await add(body, by: rules, in: scope)
        } catch {
            await recordFailure(of: .add, on: type, type: rules.type, in: scope)
            throw error
        }
    }

    private func add(
        _ body: JSONObject, by rules: any ResourceRules, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let flat = try flatten(body, type: rules.type, claims: scope.requester.claims)
        guard CollectionAccess.allows(rules.type.access.add, scope.requester.claims) else { throw .credentialsRequired }
        let draft = try await rules.draft(flat, in: scope)
        let document = try complete(draft, by: rules, in: scope)
        let answer = OperationAnswer.created(document["id"]?.stringValue ?? "", extras: draft.extras)
        try await insert(document, draft: draft, type: rules.type, answer: answer, in: scope)
        return ResourceAnswer(.operation(answer), cookie: draft.cookie, revision: 1)
    }

    private func flatten(
        _ body: JSONObject, type: ResourceType, claims: Set<String>
    ) throws(RoadsteadError) -> JSONObject {
        if type.isTemplated { return try TemplateResolution(type: type, claims: claims).resolve(body).body }
        let dropped = CommonAttributes.serverSet.union(type.names(with: [.managed, .hidden]))
        return body.filter { !dropped.contains($0.key) }
    }

    /// The whole document as it is stored, checked against the type's schema.
    private func complete(
        _ draft: ResourceDraft, by rules: any ResourceRules, in scope: RequestScope
    ) throws -> JSONObject {
        let moment = JSONValue.string(scope.now.description)
        let identifier = draft.identifier ?? scope.context.ids.makeUUID()
        let access = try draft.access ?? draft.body["acl"].map { try AccessList(json: $0) }
        var document: JSONObject = [
            "id": .string(rules.type.name + "/" + identifier), "resource-type": .string(rules.type.name),
            "created": moment, "updated": moment, "created-by": .string(scope.requester.author),
        ]
        document = document.merging(draft.body)
        document["acl"] = (access ?? rules.defaultAccess(draft.body, in: scope)).normalized().json
        try rules.type.check(document)
        return try scope.sealed(
            document, type: rules.type, id: ResourceID(type: rules.type.name, identifier: identifier))
    }

    private func insert(
        _ document: JSONObject, draft: ResourceDraft, type: ResourceType, answer: OperationAnswer,
        in scope: RequestScope
    ) async throws {
        let id = document["id"]?.stringValue ?? ""
        try await scope.store.write { transaction in
            if let taken = ResourceID(id), try transaction.find(taken) != nil {
                throw RoadsteadError(.conflict, "conflict with \(id)", context: ["resource-id": id])
            }
            try transaction.insert(document)
            try draft.companions(document, transaction)
            try record(.add, name: "add", of: document, type: type, in: scope, transaction)
            if let key = scope.idempotency { try transaction.remember(answer, for: key) }
        }
    }
}
