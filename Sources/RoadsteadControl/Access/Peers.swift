import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Who shares a group with the user of a session, as `get-peers` tells it: `{"user/…": "ada@example.org"}`.
struct Peers {
    let scope: RequestScope

    /// The validated e-mail address of each, or the name where there is none (the dialect leaves those out; without
    /// e-mail nobody would be left). All users when an administrator asks.
    func peers(of session: StoredDocument) async throws -> JSONValue {
        let users = try await users(of: session).sorted { $0.id.description < $1.id.description }
        let addresses = try await addresses(of: users)
        return .object(
            JSONObject(
                users.compactMap { user in
                    let address = user["email"]?.stringValue.flatMap { addresses[$0] }
                    return (address ?? user["name"]?.stringValue).map { (user.id.description, .string($0)) }
                }))
    }

    private func users(of session: StoredDocument) async throws -> [StoredDocument] {
        if scope.requester.isAdmin { return try await scope.store.query(DocumentQuery(type: "user")).documents }
        let user = session["user"]?.stringValue ?? ""
        let groups = try await scope.store.query(DocumentQuery(type: "group", filter: .equal("users", .string(user))))
        let members = Set(groups.documents.flatMap { Membership.users($0.body) })
        return try await documents("user", Array(members))
    }

    private func addresses(of users: [StoredDocument]) async throws -> [String: String] {
        let emails = try await documents("email", users.compactMap { $0["email"]?.stringValue })
        let validated = emails.filter { $0["validated"]?.boolValue ?? false }
        return Dictionary(
            validated.compactMap { email in email["address"]?.stringValue.map { (email.id.description, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// In portions, as a filter takes a limited number of values.
    private func documents(_ type: String, _ ids: [String]) async throws -> [StoredDocument] {
        var found: [StoredDocument] = []
        for start in stride(from: 0, to: ids.count, by: 1000) {
            let portion = Array(ids[start..<min(start + 1000, ids.count)])
            found += try await scope.store.query(DocumentQuery(type: type, filter: .oneOf("id", portion))).documents
        }
        return found
    }
}
