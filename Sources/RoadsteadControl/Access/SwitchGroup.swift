import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `POST /api/session/<uuid>/switch-group {"claim": "group/…"}`: the session acts for a group from now on, or for its
/// user again. The cookie is issued anew, and the old one is worth nothing.
struct SwitchGroup {
    let scope: RequestScope

    func perform(on document: StoredDocument, body: JSONObject) async throws -> ResourceAnswer {
        guard let claim = body["claim"]?.stringValue else {
            throw RoadsteadError(
                .invalidInput, "switch-group needs a claim: a group's id, or your own user id to go back")
        }
        let user = document["user"]?.stringValue ?? ""
        guard try await isMember(user, of: claim) else { throw RoadsteadError.forbidden(claim) }
        let token = SessionToken(identifier: document.id.identifier, secret: SecretToken.make(scope.context.ids))
        let expiry = scope.now + SessionToken.lifetime
        let updated = try await scope.store.write { transaction in
            try transaction.modify(document.id) { body in
                body["active-claim"] = .string(claim)
                body["roles"] = .string(SessionClaims.text([claim, Principal.user], session: document.id.description))
                body["token-hash"] = .string(token.secretHash)
                body["expiry"] = .string(expiry.description)
            }
        }
        return ResourceAnswer(.document(shown(updated)), cookie: .set(Redacted(token.text), expiry: expiry))
    }

    private func isMember(_ user: String, of claim: String) async throws -> Bool {
        if claim == user { return true }
        guard let id = ResourceID(claim), id.type == "group", let group = try await scope.store.find(id) else {
            return false
        }
        return group["users"]?.arrayValue?.contains(.string(user)) ?? false
    }

    private func shown(_ document: StoredDocument) -> JSONObject {
        var shown = document.body.filter { $0.key != "token-hash" }
        let rights = Set(AccessRight.allCases)
        shown["operations"] = .array(
            OperationList(rules: SessionRules(), rights: rights).json(document.body, id: document.id.description))
        return shown
    }
}
