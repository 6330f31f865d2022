import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Accounts. For now administrators make them, with a user name and a password.
struct UserRules: ResourceRules {
    let type = ResourceType.user

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        guard let username = body["username"]?.stringValue, let password = body["password"]?.stringValue else {
            throw RoadsteadError(.invalidInput, "a new user needs template.username and template.password")
        }
        try PasswordPolicy.check(Redacted(password))
        return try await Account.draft(
            username: username, password: Redacted(password), wrapper: body, context: scope.context)
    }

    /// Nobody but an administrator changes the name or the state of an account.
    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let allowed = changes.filter { scope.requester.isAdmin || !["name", "state"].contains($0.key) }
        return ResourceEdit(document.merging(allowed))
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        for type in ["credential", "user-identifier"] {
            let query = DocumentQuery(type: type, filter: .equal("parent", .string(document.id.description)))
            for child in try transaction.query(query).documents { try transaction.delete(child.id) }
        }
    }
}

/// What an account is made of: the user, the name that it logs in with, and the password's credential.
enum Account {
    static func draft(
        username: String, password: Redacted<String>, wrapper: JSONObject, context: ControlContext
    ) async throws -> ResourceDraft {
        let identifier = context.ids.makeUUID()
        let user = "user/" + identifier
        let credential = "credential/" + context.ids.makeUUID()
        let hash = try await context.hasher.hash(password)
        var body = wrapper.filter { ["description", "tags"].contains($0.key) }
        body["name"] = wrapper["name"] ?? .string(username)
        body["state"] = "ACTIVE"
        body["method"] = "username-password"
        body["credential-password"] = .string(credential)
        let access = AccessList(owners: [Principal.admin], grants: [.editACL: [user]])
        let companions = [
            passwordCredential(credential, hash: hash, user: user, access: access),
            userIdentifier(username, user: user),
        ]
        return ResourceDraft(body, identifier: identifier, access: access) { _, transaction in
            for companion in companions { try insert(companion, username: username, transaction) }
        }
    }

    private static func insert(
        _ document: JSONObject, username: String, _ transaction: StoreTransaction
    ) throws {
        if let id = document["id"]?.stringValue.flatMap({ ResourceID($0) }), try transaction.find(id) != nil {
            throw RoadsteadError(
                .conflict, "the user name '\(username)' is taken", context: ["resource-id": username])
        }
        try transaction.insert(document)
    }

    private static func passwordCredential(
        _ id: String, hash: String, user: String, access: AccessList
    ) -> JSONObject {
        [
            "id": .string(id), "resource-type": "credential", "subtype": "hashed-password",
            "method": "generate-hashed-password", "hash": .string(hash), "parent": .string(user),
            "acl": access.normalized().json,
        ]
    }

    private static func userIdentifier(_ name: String, user: String) -> JSONObject {
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: [user]]).normalized()
        return [
            "id": .string(UserIdentifier.id(of: name).description), "resource-type": "user-identifier",
            "identifier": .string(name), "parent": .string(user), "acl": access.json,
        ]
    }
}

/// The id of the document that says whose login name a text is.
enum UserIdentifier {
    static func id(of name: String) -> ResourceID {
        ResourceID(type: "user-identifier", identifier: NameBasedUUID.make(name))
    }
}
