import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `POST /api/session/<uuid>/switch-group {"claim": "group/…", "extended": true}`: the session acts for a group from now
/// on, or for its user again. The cookie is issued anew, and the old one is worth nothing.
struct SwitchGroup {
    let scope: RequestScope

    /// Members of the group or of one above it may. `extended` takes the claims of all groups below along.
    ///
    /// The session is the caller's own, whoever that is: the answer's cookie is that session.
    func perform(on document: StoredDocument, body: JSONObject) async throws -> ResourceAnswer {
        guard document.id.description == scope.requester.session else {
            throw RoadsteadError.forbidden(document.id.description)
        }
        guard let claim = body["claim"]?.stringValue else {
            throw RoadsteadError(
                .invalidInput, "switch-group needs a claim: a group's id, or your own user id to go back")
        }
        let isExtended = body["extended"]?.boolValue ?? false
        let token = SessionToken(identifier: document.id.identifier, secret: SecretToken.make(scope.context.ids))
        let expiry = try expiry(of: document)
        let (author, requester) = (scope.requester.author, scope.requester)
        let updated = try await scope.store.write { transaction in
            let claims = try Self.claims(claim, isExtended, of: document.id, in: transaction)
            let updated = try transaction.modify(document.id) { body in
                body["active-claim"] = .string(claim)
                body["roles"] = .string(SessionClaims.text(claims, session: document.id.description))
                body["token-hash"] = .string(token.secretHash)
                body["expiry"] = .string(expiry.description)
                body["updated-by"] = .string(author)
            }
            try transaction.record(
                EventDraft(.action, verb: "switch-group", on: updated.body, type: "session", by: requester))
            return updated
        }
        return ResourceAnswer(.document(shown(updated)), cookie: .set(Redacted(token.text), expiry: expiry))
    }

    /// Read within the transaction: who is removed from a group at this moment must not slip through.
    private static func claims(
        _ claim: String, _ isExtended: Bool, of session: ResourceID, in transaction: StoreTransaction
    ) throws -> Set<String> {
        let membership = Membership(transaction: transaction)
        let user = try transaction.get(session)["user"]?.stringValue ?? ""
        guard try claim == user || membership.isMember(user, of: claim) else { throw RoadsteadError.forbidden(claim) }
        let below = try isExtended ? membership.descendants(of: claim).map(\.id.description) : []
        return Set([claim, Principal.user] + below)
    }

    /// Seven days from now; a session of an API key keeps its end, which may be the key's.
    private func expiry(of session: StoredDocument) throws -> Instant {
        let held = session["expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        guard session["credential"] != nil, let held else { return scope.now + SessionToken.lifetime }
        return held
    }

    private func shown(_ document: StoredDocument) -> JSONObject {
        var shown = document.body.filter { !["token-hash", "credential"].contains($0.key) }
        let operations = OperationList(
            rules: SessionRules(), rights: Set(AccessRight.allCases), requester: scope.requester)
        shown["operations"] = .array(operations.json(document.body, id: document.id.description))
        return shown
    }
}
