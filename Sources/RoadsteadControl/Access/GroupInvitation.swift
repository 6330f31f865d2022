import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `POST /api/group/<id>/invite {"username": …}`: a user of this server becomes a member at once. Whoever has no account
/// here would have to be asked by e-mail, which the server does not send yet.
struct GroupInvitation {
    let scope: RequestScope

    /// 400 for members and for names that nobody has; 501 for an unknown e-mail address.
    func invite(to document: StoredDocument, body: JSONObject) async throws -> ResourceAnswer {
        guard let name = body["username"]?.stringValue, !name.isEmpty else {
            throw RoadsteadError(.invalidInput, "invite needs a username: the name or e-mail address of a user")
        }
        for key in ["redirect-url", "set-password-url"] {
            if let address = body[key]?.stringValue { try await RedirectRules(store: scope.store).check(address) }
        }
        guard let user = try await scope.store.find(UserIdentifier.id(of: name))?["parent"]?.stringValue else {
            throw unknownUser(name)
        }
        let (id, requester) = (document.id, scope.requester)
        try await scope.store.write { try Self.add(user, named: name, to: id, by: requester, in: $0) }
        return .message("\(name) is a member of \(id) now", id.description)
    }

    private static func add(
        _ user: String, named name: String, to group: ResourceID, by requester: Requester,
        in transaction: StoreTransaction
    ) throws {
        let edited = try transaction.modify(group) { body in
            let members = Membership.users(body)
            guard !members.contains(user) else {
                throw RoadsteadError(
                    .invalidInput, "\(name) is a member of \(group) already",
                    context: ["resource-id": group.description])
            }
            body["users"] = JSONValue(members + [user])
            body["updated-by"] = .string(requester.author)
            let access = try body["acl"].map { try AccessList(json: $0) } ?? AccessList(owners: [Principal.admin])
            body["acl"] = access.granting(.viewData, to: user).normalized().json
        }
        try transaction.record(EventDraft(.action, verb: "invite", on: edited.body, type: "group", by: requester))
    }

    private func unknownUser(_ name: String) -> RoadsteadError {
        guard EmailAddress.isWellFormed(name) else {
            return RoadsteadError(.invalidInput, "there is no user '\(name)', and it is no e-mail address either")
        }
        return .needsEmail("to invite \(name), who has no account here")
    }

    /// No invitation is ever pending.
    static func unknown(_ body: JSONObject) throws(RoadsteadError) -> RoadsteadError {
        guard let address = body["email"]?.stringValue, !address.isEmpty else {
            throw RoadsteadError(.invalidInput, "revoke-invitation needs an email")
        }
        return RoadsteadError(.invalidInput, "no invitation of '\(address)' is pending")
    }
}

extension Error where Self == RoadsteadError {
    /// 501: what waits for e-mail. `purpose` goes on from "cannot send e-mail".
    static func needsEmail(_ purpose: String) -> RoadsteadError {
        RoadsteadError(
            .unsupported,
            "this server cannot send e-mail \(purpose): it needs SMTP, which is not configured; an administrator can add "
                + "users by user-template/username-password or user-template/minimum")
    }
}
