import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `PUT /api/<type>/<uuid>`: a merge of the top level. Attributes named in `select` go away unless the body has
    /// them; what the caller may not set is left out in silence. Answers the document.
    public func edit(
        _ id: ResourceID, _ body: JSONObject, removing select: [String] = [], in scope: RequestScope
    ) async throws -> JSONObject {
        let rules = try rules(id.type, for: .edit, path: id.description)
        let scope = try scope.admitted("edit", id.type, id)
        do {
            return try await edit(id, body, removing: select, by: rules, in: scope)
        } catch {
            await recordFailure(of: .edit, on: id.description, type: rules.type, in: scope)
            throw error
        }
    }

    private func edit(
        _ id: ResourceID, _ body: JSONObject, removing select: [String], by rules: any ResourceRules,
        in scope: RequestScope
    ) async throws -> JSONObject {
        // Somebody else's edit between reading and writing is no reason to fail: a merge is done again on the newer one.
        for _ in 0..<10 {
            let stored = try await store(scope, get: rules.storedID(of: id))
            let edit = try await edited(stored.body, id: id, body, removing: select, by: rules, in: scope)
            if try await update(stored, with: edit, type: rules.type, in: scope) {
                let visible = try shown(edit.body, by: rules, as: id.description, in: scope)
                return try await rules.present(visible, of: id, in: scope)
            }
        }
        throw RoadsteadError(
            .conflict, "\(id) is being changed by others all the time; try again",
            context: ["resource-id": id.description])
    }

    private func edited(
        _ document: JSONObject, id: ResourceID, _ body: JSONObject, removing select: [String],
        by rules: any ResourceRules, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let rights = scope.rights(on: document)
        guard AttributeVisibility.mayEdit(rights) else { throw .forbidden(id.description) }
        let kept = CommonAttributes.serverSet.union(rules.type.names(with: [.fixed, .managed, .hidden]))
        let mayTouch = { (key: String) in
            !kept.contains(key) && AttributeVisibility.isEditable(key, rights: rights)
        }
        let removed = Set(select).filter { mayTouch($0) && $0 != "acl" }
        var changes = body.filter { mayTouch($0.key) }
        if let access = changes["acl"] { changes["acl"] = try AccessList(json: access).normalized().json }
        changes = try scope.sealed(changes, type: rules.type, id: id)
        var edit = try await rules.edit(document, changes: changes, removed: removed, in: scope)
        edit.body["updated"] = .string(scope.now.description)
        edit.body["updated-by"] = .string(scope.requester.author)
        try rules.type.check(edit.body)
        return edit
    }

    /// False when the document has been changed since it was read.
    private func update(
        _ stored: StoredDocument, with edit: ResourceEdit, type: ResourceType, in scope: RequestScope
    ) async throws -> Bool {
        try await scope.store.write { transaction in
            guard try transaction.get(stored.id).revision == stored.revision else { return false }
            try transaction.update(StoredDocument(id: stored.id, revision: stored.revision, body: edit.body))
            try edit.companions(edit.body, transaction)
            try record(.edit, name: "edit", of: edit.body, type: type, in: scope, transaction)
            return true
        }
    }
}
