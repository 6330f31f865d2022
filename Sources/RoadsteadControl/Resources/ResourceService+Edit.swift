import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `PUT /api/<type>/<uuid>`: a merge of the top level. Attributes named in `select` go away unless the body has
    /// them; what the caller may not set is left out in silence. Answers the document.
    public func edit(
        _ id: ResourceID, _ body: JSONObject, removing select: [String] = [], in scope: RequestScope
    ) async throws -> JSONObject {
        try await edit(id, .merge(body), removing: select, in: scope).document
    }

    /// As above, by a merge or a patch, and only on a revision that fulfils the condition (412 otherwise).
    public func edit(
        _ id: ResourceID, _ change: ResourceChange, removing select: [String] = [],
        matching condition: RevisionCondition = .any, in scope: RequestScope
    ) async throws -> RevisedDocument {
        let rules = try rules(id.type, for: .edit, path: id.description)
        let scope = try scope.admitted("edit", id.type, id)
        do {
            let request = EditRequest(id: id, change: change, select: select, condition: condition)
            return try await edit(request, by: rules, in: scope)
        } catch {
            await recordFailure(of: .edit, on: id.description, type: rules.type, in: scope)
            throw error
        }
    }

    private struct EditRequest {
        let id: ResourceID
        let change: ResourceChange
        let select: [String]
        let condition: RevisionCondition
    }

    /// Somebody else's edit between reading and writing is no reason to fail: a merge is done again on the newer one,
    /// and from then on those who edit the document stand in a queue, so that everybody's turn comes.
    private func edit(
        _ request: EditRequest, by rules: any ResourceRules, in scope: RequestScope
    ) async throws -> RevisedDocument {
        if let edited = try await attempt(request, by: rules, in: scope) { return edited }
        return try await editing.withLock(request.id) { _ in
            for _ in 0..<50 {
                if let edited = try await attempt(request, by: rules, in: scope) { return edited }
            }
            throw RoadsteadError(
                .conflict, "\(request.id) is being changed by others all the time; try again",
                context: ["resource-id": request.id.description])
        }
    }

    /// nil when the document has been changed since it was read.
    private func attempt(
        _ request: EditRequest, by rules: any ResourceRules, in scope: RequestScope
    ) async throws -> RevisedDocument? {
        let stored = try await store(scope, get: rules.storedID(of: request.id))
        let edit = try await edited(stored, request, by: rules, in: scope)
        guard let updated = try await update(stored, with: edit, type: rules.type, in: scope) else { return nil }
        let visible = try shown(updated.body, by: rules, as: request.id.description, in: scope)
        return RevisedDocument(
            document: try await rules.present(visible, of: request.id, in: scope), revision: updated.revision)
    }

    private func edited(
        _ stored: StoredDocument, _ request: EditRequest, by rules: any ResourceRules, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let rights = scope.rights(on: stored.body)
        guard AttributeVisibility.mayEdit(rights) else { throw .forbidden(request.id.description) }
        try request.condition.check(stored.revision, of: request.id)
        guard rules.offers("edit", on: stored.body) else {
            throw RoadsteadError(
                .invalidState, "\(request.id) cannot be edited in its state",
                context: ["resource-id": request.id.description])
        }
        let visible = AttributeVisibility.visible(
            rules.type.withoutConcealed(stored.body), rights: rights)
        let asked = try request.change.attributes(of: visible ?? [:])
        let mayTouch = { (key: String) in
            !rules.type.untouchable.contains(key) && AttributeVisibility.isEditable(key, rights: rights)
        }
        let removed = asked.removed.union(request.select).filter { mayTouch($0) && $0 != "acl" }
        var changes = asked.set.filter { mayTouch($0.key) }
        if let access = changes["acl"] { changes["acl"] = try AccessList(json: access).normalized().json }
        var edit = try await rules.edit(stored.body, changes: changes, removed: removed, in: scope)
        edit.body["updated"] = .string(scope.now.description)
        edit.body["updated-by"] = .string(scope.requester.author)
        try rules.type.check(edit.body)
        // Checked first: a sealed text is never blank. What the edit did not take over of the request is sealed already.
        let secrets = changes.filter { edit.body[$0.key] == $0.value }
        let sealed = try scope.sealed(secrets, type: rules.type, id: request.id)
        edit.body = edit.body.merging(sealed)
        return edit
    }

    /// The document as it is stored now; nil when it has been changed since it was read.
    private func update(
        _ stored: StoredDocument, with edit: ResourceEdit, type: ResourceType, in scope: RequestScope
    ) async throws -> StoredDocument? {
        try await scope.store.write { transaction in
            guard try transaction.get(stored.id).revision == stored.revision else { return nil }
            let updated = try transaction.update(
                StoredDocument(id: stored.id, revision: stored.revision, body: edit.body))
            try edit.companions(edit.body, transaction)
            try record(.edit, name: "edit", of: edit.body, type: type, in: scope, transaction)
            return updated
        }
    }
}
