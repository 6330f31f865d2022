import RoadsteadBasics
import RoadsteadClient

/// Finds the user that a person names by login name, e-mail address, shown name or id, as far as the caller may see it.
struct UserLookup: Sendable {
    let client: APIClient

    /// nil when nobody is meant by it, or nobody whom the caller knows.
    func find(_ text: String) async throws(RoadsteadError) -> ResourceID? {
        if let id = ResourceID(text), id.type == "user" { return id }
        guard let quoted = try? FilterText.quoted(text) else { return nil }
        let logins = try await client.query("user-identifier", ClientQuery(filter: "identifier=\(quoted)", last: 1))
        if let user = logins.documents.first?["parent"]?.stringValue.flatMap({ ResourceID($0) }) { return user }
        let lookup = ResourceLookup(client: client, type: "user", noun: "user")
        if let user = try await lookup.find(text) { return try user.requireID() }
        return try await peer(text)
    }

    /// Throws notFound.
    func get(_ text: String) async throws(RoadsteadError) -> ResourceID {
        if let user = try await find(text) { return user }
        throw RoadsteadError(
            .notFound,
            "there is no user '\(text)' that you can see; give the id (user/…), or act as the administrators by "
                + "`roadstead switch nuvla-admin`")
    }

    /// One who shares a group with the caller, whose account the caller cannot see.
    private func peer(_ text: String) async throws(RoadsteadError) -> ResourceID? {
        let matches = try await client.peers().filter { $0.value == text }.keys.sorted()
        guard matches.count < 2 else {
            throw RoadsteadError(
                .conflict, "\(matches.count) users are named '\(text)'; give the id: \(matches.joined(separator: ", "))"
            )
        }
        return matches.first.flatMap { ResourceID($0) }
    }
}

extension APIClient {
    /// The names of those who share a group with the caller, by user id.
    func peers() async throws(RoadsteadError) -> [String: String] {
        guard let session = try await currentSession() else { return [:] }
        let answer = try await operation("get-peers", on: try session.requireID()).body
        return Dictionary(
            answer.members.compactMap { user, name in name.stringValue.map { (user, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The id of the user who is logged in, and whether it acts as the administrators now.
    func whoAmI() async throws(RoadsteadError) -> (user: ResourceID, isAdmin: Bool) {
        guard let session = try await currentSession(), let user = ResourceID(session.text("user")) else {
            throw RoadsteadError(.unauthenticated, "there is no session at \(server): log in first")
        }
        return (user, session.text("active-claim") == "group/nuvla-admin")
    }
}
