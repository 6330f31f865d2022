import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Credentials: of infrastructure services, SSH and GPG keys, API keys and passwords.
struct CredentialRules: ResourceRules {
    let type = ResourceType.credential

    /// Owned by the administrators, fully editable by whoever made it.
    func defaultAccess(_ body: JSONObject, in scope: RequestScope) -> AccessList {
        AccessList(owners: [Principal.admin], grants: [.editACL: [scope.requester.activeClaim]])
    }

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        switch body["subtype"]?.stringValue {
        case "api-key": return try await ApiKey.draft(body, in: scope)
        case "hashed-password": return try await passwordDraft(body, in: scope)
        case "ssh-key": return try await KeyPairDraft.ssh(body)
        case "gpg-key": return KeyPairDraft.gpg(body)
        default: return try await serviceDraft(Self.withoutNulls(body), in: scope)
        }
    }

    /// Edges without TLS send the word `null` for their certificates.
    private static func withoutNulls(_ body: JSONObject) -> JSONObject {
        body.filter { !(["ca", "cert", "key"].contains($0.key) && $0.value == "null") }
    }

    private func passwordDraft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let password = Redacted(body["password"]?.stringValue ?? "")
        try PasswordPolicy.check(password)
        var credential = body
        credential["password"] = nil
        credential["hash"] = .string(try await scope.context.hasher.hash(password))
        return ResourceDraft(credential)
    }

    /// A credential that can be checked is checked at once, when its service is the caller's to see.
    private func serviceDraft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        try await OpenDoorRules(scope: scope).check(body)
        let body = try await SecretBinding.bound(body, in: scope.store)
        guard let kind = CheckedCredential(body), kind.isCheckedWhenAdded else { return ResourceDraft(body) }
        let identifier = scope.context.ids.makeUUID()
        let id = ResourceID(type: type.name, identifier: identifier)
        let service = body["parent"]?.stringValue.flatMap { ResourceID($0) }
        let isVisible = try await isVisible(service, in: scope)
        return ResourceDraft(body, identifier: identifier) { _, transaction in
            guard isVisible else { return }
            try transaction.enqueue(.credentialCheck(id, by: scope.requester))
        }
    }

    private func isVisible(_ service: ResourceID?, in scope: RequestScope) async throws -> Bool {
        guard let service, let document = try await scope.store.find(service) else { return false }
        return scope.rights(on: document.body).contains(.viewMeta)
    }

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        var edited = document.filter { !removed.contains($0.key) }.merging(Self.withoutNulls(changes))
        if changes["status"] != nil { edited["last-check"] = .string(scope.now.description) }
        if ["parent", "cert", "key"].contains(where: { edited[$0] != document[$0] }) {
            try await OpenDoorRules(scope: scope).check(edited)
        }
        if changes["password"] != nil { edited = try await SecretBinding.bound(edited, in: scope.store) }
        return ResourceEdit(edited)
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        try KeyLineage(transaction: transaction).end(document.id.description)
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        switch operation {
        case "check": return CheckedCredential(document) != nil
        case "check-password", "change-password": return document["subtype"] == "hashed-password"
        default: return true
        }
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard offers(action, on: document.body) else {
            throw RoadsteadError(
                .invalidInput,
                "\(document.id) is of subtype '\(document["subtype"]?.stringValue ?? "")', which has no '\(action)'",
                context: ["resource-id": document.id.description])
        }
        switch action {
        case "check": return try await check(document, in: scope)
        case "check-password": return try await PasswordActions(scope: scope).check(document, body)
        default: return try await PasswordActions(scope: scope).change(document, body)
        }
    }

    private func check(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        if let service = document["parent"]?.stringValue.flatMap({ ResourceID($0) }) {
            _ = try await scope.get(service, with: .viewMeta)
        }
        let draft = JobDraft.credentialCheck(document.id, by: scope.requester)
        let reader = scope.requester.activeClaim
        let job = try await scope.store.write { transaction in
            guard let other = try transaction.unfinishedJob(action: draft.action, target: draft.target) else {
                return try transaction.enqueue(draft).id
            }
            // A check that is under way already answers this request too, so that its job is the caller's to see.
            try transaction.modify(other) { body in
                guard let list = try body["acl"].map({ try AccessList(json: $0) }) else { return }
                body["acl"] = list.granting(.viewACL, to: reader).normalized().json
            }
            return other
        }
        return .operation(.accepted(draft.action, document.id.description, job: job.description))
    }
}
