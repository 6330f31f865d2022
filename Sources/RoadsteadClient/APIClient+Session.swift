import RoadsteadBasics

/// What a person or a program shows to be let in.
public enum LoginCredential: Sendable {
    case password(user: String, password: Redacted<String>)
    /// `key` is `credential/<uuid>` or its uuid.
    case apiKey(key: String, secret: Redacted<String>)

    var template: JSONObject {
        switch self {
        case .password(let user, let password):
            ["href": "session-template/password", "username": .string(user), "password": .string(password.exposed)]
        case .apiKey(let key, let secret):
            ["href": "session-template/api-key", "key": .string(key), "secret": .string(secret.exposed)]
        }
    }
}

extension APIClient {
    /// `POST /api/session`; afterwards every call is made in that session. Answers the session's document.
    ///
    /// Throws unauthenticated when user and password, or key and secret, do not fit.
    public func login(_ credential: LoginCredential) async throws(RoadsteadError) -> JSONObject {
        replaceSession(nil)
        let answer: ActionAnswer
        do {
            answer = try await add("session", ["template": .object(credential.template)])
        } catch { throw refused(error, credential) }
        guard let id = answer.resourceID, session != nil else {
            throw RoadsteadError(
                .unsupported, "\(server) asks for a second factor, which this program cannot give yet; use an API key")
        }
        return try await get(id)
    }

    /// Acts as `group` from now on (`POST /api/session/<id>/switch-group`). Answers the session's document.
    ///
    /// `extended` takes the claims of all groups below along.
    public func switchGroup(to group: String, extended: Bool = false) async throws(RoadsteadError) -> JSONObject {
        guard let id = try await currentSession()?["id"]?.stringValue.flatMap({ ResourceID($0) }) else {
            throw RoadsteadError(.unauthenticated, "there is no session at \(server): log in first")
        }
        var body: JSONObject = ["claim": .string(group)]
        if extended { body["extended"] = true }
        return try await operation("switch-group", on: id, body).body
    }

    /// The session that the calls are made in; nil when there is none or it has expired.
    public func currentSession() async throws(RoadsteadError) -> JSONObject? {
        guard session != nil else { return nil }
        do {
            return try await query("session").documents.first
        } catch  where error.code == .unauthenticated || error.code == .forbidden {
            return nil
        }
    }

    /// Ends the session at the server and forgets it here; no error when there was none.
    public func logout() async throws(RoadsteadError) {
        let current = try await currentSession()
        if let id = current?["id"]?.stringValue.flatMap({ ResourceID($0) }) { try await delete(id) }
        replaceSession(nil)
    }

    /// Wrong login is 403 in the dialect; above it, being unknown is not the same as not being allowed.
    private func refused(_ error: RoadsteadError, _ credential: LoginCredential) -> RoadsteadError {
        guard error.code == .forbidden || error.code == .unauthenticated else { return error }
        let who =
            switch credential {
            case .password(let user, _): "user '\(user)' with this password"
            case .apiKey(let key, _): "API key '\(key)' with this secret"
            }
        return RoadsteadError(.unauthenticated, "\(server) does not let in \(who)", context: error.context)
    }
}
