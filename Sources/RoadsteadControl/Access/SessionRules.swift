import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Logins: by password or by API key. The answer sets the cookie; of its token only a hash is kept.
struct SessionRules: ResourceRules {
    let type = ResourceType.session

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let redirect = body["redirect-url"]?.stringValue
        if let redirect { try await RedirectRules(store: scope.store).check(redirect) }
        let identity = try await identity(body, in: scope)
        var draft = draft(identity, in: scope)
        draft.companions = { _, transaction in
            guard try identity.stillStands(transaction) else { throw Login(scope: scope).refusal(identity.name) }
        }
        draft.body["redirect-url"] = redirect.map(JSONValue.string)
        return draft
    }

    private func identity(_ body: JSONObject, in scope: RequestScope) async throws -> Login.Identity {
        let login = Login(scope: scope)
        if let key = body["key"]?.stringValue, let secret = body["secret"]?.stringValue {
            return try await login.byKey(key, secret: Redacted(secret))
        }
        if let name = body["username"]?.stringValue, let password = body["password"]?.stringValue {
            return try await login.byPassword(name, password: Redacted(password))
        }
        throw RoadsteadError(
            .invalidInput, "log in with template.username and password, or with template.key and secret")
    }

    private func draft(_ identity: Login.Identity, in scope: RequestScope) -> ResourceDraft {
        let identifier = scope.context.ids.makeUUID()
        let id = "session/" + identifier
        let token = SessionToken(identifier: identifier, secret: SecretToken.make(scope.context.ids))
        let usual = scope.now + SessionToken.lifetime
        let expiry = identity.expiry.map { min($0, usual) } ?? usual
        var body: JSONObject = [
            "method": .string(identity.method), "template": ["href": .string("session-template/" + identity.method)],
            "expiry": .string(expiry.description), "identifier": .string(identity.name), "user": .string(identity.user),
            "roles": .string(SessionClaims.text(identity.claims, session: id)),
            "token-hash": .string(token.secretHash),
        ]
        body["client-ip"] = scope.clientAddress.map(JSONValue.string)
        body["server"] = scope.serverName.map(JSONValue.string)
        body["credential"] = identity.credential.map(JSONValue.string)
        body["scope"] = identity.scope?.json
        return ResourceDraft(
            body, identifier: identifier, access: AccessList(owners: [id]),
            cookie: .set(Redacted(token.text), expiry: expiry))
    }

    func deleted(_ document: StoredDocument, in scope: RequestScope) -> ResourceAnswer {
        ResourceAnswer(.operation(.deleted(document.id.description)), cookie: .revoke)
    }

    /// A listing holds the caller's own session and nothing else, for administrators too.
    func restriction(in scope: RequestScope) -> Filter? { .equal("id", .string(scope.requester.session ?? "")) }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        switch action {
        case "get-groups": return .value(try await GroupForest.groups(of: document, in: scope))
        case "get-peers": return .value(try await Peers(scope: scope).peers(of: document))
        case "switch-group": return try await SwitchGroup(scope: scope).perform(on: document, body: body)
        default: throw RoadsteadError.noSuchAction(action, document.id.description)
        }
    }
}

/// The text of `roles`: claims in order, the session last.
enum SessionClaims {
    static func text(_ claims: Set<String>, session: String) -> String {
        let others = claims.union([Principal.anonymous]).subtracting([session]).sorted()
        return (others + [session]).joined(separator: " ")
    }

    static func read(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
}
