import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Accounts. Administrators make them; signing up and inviting by e-mail wait for a server that can send some.
struct UserRules: ResourceRules {
    let type = ResourceType.user

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let method = body["method"]?.stringValue ?? ""
        switch method {
        case "email-password": throw .needsEmail("to confirm an address that signs up")
        case "email-invitation": throw .needsEmail("to invite somebody")
        default:
            let account = NewAccount(
                method: method, username: body["username"]?.stringValue, email: body["email"]?.stringValue,
                password: body["password"]?.stringValue.map { Redacted($0) }, wrapper: body)
            return try await account.draft(in: scope.context)
        }
    }

    /// A plain merge. Nobody but an administrator changes the name or the state of an account; who is not active any more
    /// is logged out at once.
    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let allowed = changes.filter { scope.requester.isAdmin || !["name", "state"].contains($0.key) }
        let user = document["id"]?.stringValue ?? ""
        if let email = allowed["email"], email != document["email"] {
            try await checkOwn(email.stringValue ?? "", of: user, in: scope.store)
        }
        let edited = document.merging(allowed)
        let isEnding = document["state"] == "ACTIVE" && edited["state"] != "ACTIVE"
        return ResourceEdit(edited) { _, transaction in
            guard isEnding else { return }
            try Administrators(transaction: transaction).requireOther(than: user)
            try SessionEnding(transaction: transaction).end(ofUser: user)
        }
    }

    private func checkOwn(_ email: String, of user: String, in store: DocumentStore) async throws {
        guard let id = ResourceID(email), id.type == "email",
            try await store.find(id)?["parent"]?.stringValue == user
        else {
            throw RoadsteadError(
                .invalidInput, "\(email) is no e-mail address of \(user); add it first (POST /api/email)")
        }
    }

    /// What makes an account goes along: logins, addresses, credentials, sessions and memberships.
    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        let user = document.id.description
        try Administrators(transaction: transaction).requireOther(than: user)
        try SessionEnding(transaction: transaction).end(ofUser: user)
        for type in ["email", "credential", "user-identifier"] {
            for child in try transaction.all(type, where: .equal("parent", .string(user))) {
                try transaction.delete(child.id)
            }
        }
        let keys = Filter.equal("subtype", "api-key") && .equal("claims/identity", .string(user))
        for key in try transaction.all("credential", where: keys) {
            // It may have gone with the key that made it.
            guard try transaction.find(key.id) != nil else { continue }
            try KeyLineage(transaction: transaction).end(key.id.description)
            try transaction.delete(key.id)
        }
        for group in try transaction.all("group", where: .equal("users", .string(user))) {
            try transaction.modify(group.id) { body in
                body["users"] = JSONValue(Membership.users(body).filter { $0 != user })
            }
        }
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard action == "set-password" else { throw RoadsteadError.noSuchAction(action, document.id.description) }
        return try await PasswordReset(scope: scope).perform(on: document, body: body)
    }
}
