import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `POST /api/user/<uuid>/set-password {"new-password": …}`: an administrator lets somebody in again who has forgotten
/// the password, or never had one. Ours: the dialect sends an e-mail for that.
struct PasswordReset {
    let scope: RequestScope

    /// 403 for everybody but administrators, the user included: who has taken a session over must not get the account.
    /// All sessions of the user end.
    func perform(on document: StoredDocument, body: JSONObject) async throws -> ResourceAnswer {
        guard scope.requester.isAdmin else { throw RoadsteadError.forbidden(document.id.description) }
        let password = Redacted(body["new-password"]?.stringValue ?? "")
        try PasswordPolicy.check(password)
        let hash = try await scope.context.hasher.hash(password)
        let (id, requester) = (document.id, scope.requester)
        try await scope.store.write { transaction in
            let user = try transaction.get(id)
            try Self.set(hash, of: user, in: transaction)
            try SessionEnding(transaction: transaction).end(ofUser: id.description, keeping: requester.session)
            try transaction.record(
                EventDraft(.action, verb: "set-password", on: user.body, type: "user", by: requester))
        }
        return .message("the password has been set", id.description)
    }

    private static func set(_ hash: String, of user: StoredDocument, in transaction: StoreTransaction) throws {
        if let held = user["credential-password"]?.stringValue.flatMap({ ResourceID($0) }),
            try transaction.find(held) != nil
        {
            try transaction.modify(held) { $0["hash"] = .string(hash) }
            return
        }
        let credential = "credential/" + transaction.ids.makeUUID()
        try transaction.insert(AccountDocuments.password(credential, hash: hash, user: user.id.description))
        try transaction.modify(user.id) { $0["credential-password"] = .string(credential) }
    }
}
