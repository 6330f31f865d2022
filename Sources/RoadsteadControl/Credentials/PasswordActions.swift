import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `check-password` and `change-password` of a hashed-password credential: whoever knows the password may. Guesses count
/// as failed logins do.
struct PasswordActions {
    let scope: RequestScope

    func check(_ document: StoredDocument, _ body: JSONObject) async throws -> ResourceAnswer {
        try await verify(body["password"], of: document)
        return .message("the password is right", document.id.description)
    }

    /// Sessions that were opened with the old password end, but for the one that the request came in.
    func change(_ document: StoredDocument, _ body: JSONObject) async throws -> ResourceAnswer {
        try await verify(body["current-password"], of: document)
        let verified = document["hash"]
        let password = Redacted(body["new-password"]?.stringValue ?? "")
        try PasswordPolicy.check(password)
        let hash = try await scope.context.hasher.hash(password)
        let (id, session) = (document.id, scope.requester.session)
        try await scope.store.write { transaction in
            // Whoever set it anew while this one was hashed knew better.
            guard try transaction.get(id)["hash"] == verified else { throw RoadsteadError.forbidden(id.description) }
            let credential = try transaction.modify(id) { $0["hash"] = .string(hash) }
            guard let user = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }),
                try transaction.find(user)?["credential-password"]?.stringValue == id.description
            else { return }
            try SessionEnding(transaction: transaction).endPasswordSessions(of: user.description, keeping: session)
        }
        return .message("the password has been changed", document.id.description)
    }

    private func verify(_ given: JSONValue?, of document: StoredDocument) async throws {
        let password = Redacted(given?.stringValue ?? "")
        let id = document.id.description
        try await scope.context.throttle.guarding(id, in: scope) {
            let hash = document["hash"]?.stringValue ?? ""
            guard try await scope.context.hasher.verify(password, against: hash) else {
                throw RoadsteadError.forbidden(id)
            }
        }
    }
}
