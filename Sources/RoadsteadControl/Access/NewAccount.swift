import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// An account before it is stored: the user, the names that it logs in with, its e-mail address and the password's
/// credential, all of which come into being together or not at all.
struct NewAccount {
    var method: String
    var username: String?
    /// Taken as confirmed: who makes the account answers for it.
    var email: String?
    var password: Redacted<String>?
    /// Name, description and tags of the user.
    var wrapper: JSONObject = [:]

    /// Throws `invalidInput` for a weak password; storing it throws `conflict` that names the login which is taken.
    func draft(in context: ControlContext) async throws -> ResourceDraft {
        if let password { try PasswordPolicy.check(password) }
        let identifier = context.ids.makeUUID()
        let user = "user/" + identifier
        let access = AccessList(owners: [Principal.admin], grants: [.editACL: [user]])
        var body = wrapper.filter { ["description", "tags"].contains($0.key) }
        body["name"] = wrapper["name"] ?? (username ?? email).map(JSONValue.string)
        body["state"] = "ACTIVE"
        body["method"] = .string(method)
        var companions: [(login: String, document: JSONObject)] = []
        if let password {
            let credential = "credential/" + context.ids.makeUUID()
            body["credential-password"] = .string(credential)
            let hash = try await context.hasher.hash(password)
            companions.append(("", AccountDocuments.password(credential, hash: hash, user: user)))
        }
        for login in Set([username, email].compactMap { $0 }).sorted() {
            companions.append((login, AccountDocuments.identifier(login, user: user)))
        }
        if let email {
            let document = AccountDocuments.email(email, user: user)
            body["email"] = document["id"]
            companions.append((email, document))
        }
        let made = companions
        return ResourceDraft(body, identifier: identifier, access: access) { _, transaction in
            for (login, document) in made { try Self.insert(document, login: login, transaction) }
        }
    }

    private static func insert(_ document: JSONObject, login: String, _ transaction: StoreTransaction) throws {
        if let id = document["id"]?.stringValue.flatMap({ ResourceID($0) }), try transaction.find(id) != nil {
            throw RoadsteadError(.conflict, "'\(login)' is taken already", context: ["resource-id": login])
        }
        try transaction.insert(document)
    }
}

/// The documents beside a user's own.
enum AccountDocuments {
    static func password(_ id: String, hash: String, user: String) -> JSONObject {
        let access = AccessList(owners: [Principal.admin], grants: [.editACL: [user]])
        return [
            "id": .string(id), "resource-type": "credential", "subtype": "hashed-password",
            "method": "generate-hashed-password", "hash": .string(hash), "parent": .string(user),
            "acl": access.normalized().json,
        ]
    }

    static func identifier(_ name: String, user: String) -> JSONObject {
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: [user]])
        return [
            "id": .string(UserIdentifier.id(of: name).description), "resource-type": "user-identifier",
            "identifier": .string(name), "parent": .string(user), "acl": access.normalized().json,
        ]
    }

    static func email(_ address: String, user: String) -> JSONObject {
        [
            "id": .string("email/" + NameBasedUUID.make(address)), "resource-type": "email",
            "address": .string(address), "validated": true, "parent": .string(user),
            "acl": AccessList(owners: [user]).normalized().json,
        ]
    }
}

/// The id of the document that says whose login name a text is.
enum UserIdentifier {
    static func id(of name: String) -> ResourceID {
        ResourceID(type: "user-identifier", identifier: NameBasedUUID.make(name))
    }
}
