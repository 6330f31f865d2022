import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Finds out who logs in. Every refusal says the same (403), whether the name or the secret was wrong.
struct Login {
    struct Identity {
        var method: String
        /// As it was typed; for a key, whom it stands for.
        var name: String
        var user: String
        var claims: Set<String>
    }

    let context: ControlContext

    func byPassword(_ name: String, password: Redacted<String>) async throws -> Identity {
        guard let (user, hash) = try await account(name) else {
            try await context.hasher.pretendToVerify(password)
            throw refusal(name)
        }
        let isRight = try await context.hasher.verify(password, against: hash)
        guard isRight, user["state"]?.stringValue == "ACTIVE" else { throw refusal(name) }
        let id = user.id.description
        return Identity(method: "password", name: name, user: id, claims: Requester.user(id).claims)
    }

    private func account(_ name: String) async throws -> (user: StoredDocument, hash: String)? {
        guard let identifier = try await context.store.find(UserIdentifier.id(of: name)),
            let userID = identifier["parent"]?.stringValue.flatMap({ ResourceID($0) }),
            let user = try await context.store.find(userID),
            let credentialID = user["credential-password"]?.stringValue.flatMap({ ResourceID($0) }),
            let credential = try await context.store.find(credentialID), let hash = credential["hash"]?.stringValue
        else { return nil }
        return (user, hash)
    }

    /// `key` is the credential's id, with or without its type.
    func byKey(_ key: String, secret: Redacted<String>) async throws -> Identity {
        let normalized = SecretToken.normalizedApiKeySecret(secret.exposed)
        guard let id = ResourceID(key.hasPrefix("credential/") ? key : "credential/" + key),
            let credential = try await context.store.find(id), credential["subtype"]?.stringValue == "api-key",
            let digest = credential["digest"]?.stringValue,
            ConstantTime.equal(digest, SecretToken.hash(normalized)), !isExpired(credential),
            let identity = credential["claims"]?["identity"]?.stringValue, try await isUsable(identity)
        else { throw refusal(key) }
        let roles = credential["claims"]?["roles"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return Identity(method: "api-key", name: identity, user: identity, claims: Set(roles))
    }

    private func isExpired(_ credential: StoredDocument) -> Bool {
        guard let text = credential["expiry"]?.stringValue else { return false }
        return Instant(rfc3339: text).map { $0 <= context.clock.now } ?? true
    }

    /// A key dies with its user: one that was removed or suspended logs nobody in.
    private func isUsable(_ identity: String) async throws -> Bool {
        guard let id = ResourceID(identity), id.type == "user" else { return true }
        return try await context.store.find(id)?["state"]?.stringValue == "ACTIVE"
    }

    private func refusal(_ name: String) -> RoadsteadError {
        RoadsteadError(
            .forbidden, "login failed for '\(name.prefix(200))': check the name and the password or secret",
            context: ["resource-id": String(name.prefix(200))])
    }
}
