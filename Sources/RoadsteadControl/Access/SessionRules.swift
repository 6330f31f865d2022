import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Logins: by password or by API key. The answer sets the cookie; of its token only a hash is kept.
struct SessionRules: ResourceRules {
    let type = ResourceType.session

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let login = Login(context: scope.context)
        let identity: Login.Identity
        if let key = body["key"]?.stringValue, let secret = body["secret"]?.stringValue {
            identity = try await login.byKey(key, secret: Redacted(secret))
        } else if let name = body["username"]?.stringValue, let password = body["password"]?.stringValue {
            identity = try await login.byPassword(name, password: Redacted(password))
        } else {
            throw RoadsteadError(
                .invalidInput, "log in with template.username and password, or with template.key and secret")
        }
        return draft(identity, in: scope)
    }

    private func draft(_ identity: Login.Identity, in scope: RequestScope) -> ResourceDraft {
        let identifier = scope.context.ids.makeUUID()
        let id = "session/" + identifier
        let token = SessionToken(identifier: identifier, secret: SecretToken.make(scope.context.ids))
        let expiry = scope.now + SessionToken.lifetime
        var body: JSONObject = [
            "method": .string(identity.method), "template": ["href": .string("session-template/" + identity.method)],
            "expiry": .string(expiry.description), "identifier": .string(identity.name), "user": .string(identity.user),
            "roles": .string(SessionClaims.text(identity.claims, session: id)),
            "token-hash": .string(token.secretHash),
        ]
        body["client-ip"] = scope.clientAddress.map(JSONValue.string)
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
        case "get-groups": return .value(.array(try await groups(of: document, in: scope)))
        case "switch-group": return try await SwitchGroup(scope: scope).perform(on: document, body: body)
        default: throw RoadsteadError.noSuchAction(action, document.id.description)
        }
    }

    /// The groups whose member the session's user is, by name.
    private func groups(of document: StoredDocument, in scope: RequestScope) async throws -> [JSONValue] {
        let user = document["user"]?.stringValue ?? ""
        let query = DocumentQuery(
            type: "group", filter: .equal("users", .string(user)), order: [.init("name"), .init("id")])
        return try await scope.store.query(query).documents.map { group in
            .object(group.body.filter { ["id", "name", "description"].contains($0.key) })
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
