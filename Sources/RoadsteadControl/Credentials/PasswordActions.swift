import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `check-password` and `change-password` of a hashed-password credential: whoever knows the password may.
struct PasswordActions {
    let scope: RequestScope

    func check(_ document: StoredDocument, _ body: JSONObject) async throws -> ResourceAnswer {
        try await verify(body["password"], of: document)
        return .message("the password is right", document.id.description)
    }

    func change(_ document: StoredDocument, _ body: JSONObject) async throws -> ResourceAnswer {
        try await verify(body["current-password"], of: document)
        let password = Redacted(body["new-password"]?.stringValue ?? "")
        try PasswordPolicy.check(password)
        let hash = try await scope.context.hasher.hash(password)
        _ = try await scope.store.write { try $0.modify(document.id) { $0["hash"] = .string(hash) } }
        return .message("the password has been changed", document.id.description)
    }

    private func verify(_ given: JSONValue?, of document: StoredDocument) async throws {
        let password = Redacted(given?.stringValue ?? "")
        let isRight = try await scope.context.hasher.verify(password, against: document["hash"]?.stringValue ?? "")
        guard isRight else { throw RoadsteadError.forbidden(document.id.description) }
    }
}
