import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Finds out who logs in. Every refusal says the same (403), whether the name or the secret was wrong, and takes as long;
/// after too many of them it is 429.
struct Login {
    struct Identity: Sendable {
        var method: String
        /// As it was typed; for a key, whom it stands for.
        var name: String
        var user: String
        var claims: Set<String>
        /// The API key, what it is kept to, and until when it is valid.
        var credential: String?
        var scope: KeyScope?
        var expiry: Instant?
        /// Whether all that this rests on is still so. To be asked in the transaction that opens the session: while a
        /// password was hashed the user may have been suspended, or the password changed.
        var stillStands: @Sendable (StoreTransaction) throws -> Bool
    }

    let scope: RequestScope

    private var context: ControlContext { scope.context }

    func byPassword(_ name: String, password: Redacted<String>) async throws -> Identity {
        try await context.throttle.guarding(name, in: scope) {
            guard let (user, credential, hash) = try await account(name) else {
                try await context.hasher.pretendToVerify(password)
                throw refusal(name)
            }
            let isRight = try await context.hasher.verify(password, against: hash)
            guard isRight, user["state"]?.stringValue == "ACTIVE" else { throw refusal(name) }
            let id = user.id.description
            return Identity(method: "password", name: name, user: id, claims: Requester.user(id).claims) {
                transaction in
                try transaction.find(user.id)?["state"]?.stringValue == "ACTIVE"
                    && transaction.find(credential)?["hash"]?.stringValue == hash
            }
        }
    }

    private func account(_ name: String) async throws -> (user: StoredDocument, credential: ResourceID, hash: String)? {
        guard let identifier = try await context.store.find(UserIdentifier.id(of: name)),
            let userID = identifier["parent"]?.stringValue.flatMap({ ResourceID($0) }),
            let user = try await context.store.find(userID),
            let credentialID = user["credential-password"]?.stringValue.flatMap({ ResourceID($0) }),
            let credential = try await context.store.find(credentialID), let hash = credential["hash"]?.stringValue
        else { return nil }
        return (user, credentialID, hash)
    }

    /// `key` is the credential's id, with or without its type.
    func byKey(_ key: String, secret: Redacted<String>) async throws -> Identity {
        try await context.throttle.guarding(key, in: scope) {
            let digest = SecretToken.hash(SecretToken.normalizedApiKeySecret(secret.exposed))
            guard let id = ResourceID(key.hasPrefix("credential/") ? key : "credential/" + key),
                let credential = try await context.store.find(id), credential["subtype"]?.stringValue == "api-key",
                let expected = credential["digest"]?.stringValue, ConstantTime.equal(expected, digest),
                let identity = try identity(credential), try await context.store.write(identity.stillStands)
            else { throw refusal(key) }
            return identity
        }
    }

    private func identity(_ credential: StoredDocument) throws -> Identity? {
        guard let name = credential["claims"]?["identity"]?.stringValue else { return nil }
        let roles = credential["claims"]?["roles"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return Identity(
            method: "api-key", name: name, user: name, claims: Set(roles), credential: credential.id.description,
            // A scope that cannot be read lets nobody in: nothing else would be safe.
            scope: try credential["scope"].map { try KeyScope(json: $0) },
            expiry: credential["expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        ) { [id = credential.id, now = scope.now] transaction in
            try transaction.find(id).map { try KeyLineage(transaction: transaction).isGood($0, at: now) } ?? false
        }
    }

    func refusal(_ name: String) -> RoadsteadError {
        RoadsteadError(
            .forbidden, "login failed for '\(name.prefix(200))': check the name and the password or secret",
            context: ["resource-id": String(name.prefix(200))])
    }
}
