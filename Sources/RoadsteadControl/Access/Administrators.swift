import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Keeps a server from being without anybody who may look after it.
struct Administrators {
    let transaction: StoreTransaction

    /// Throws `conflict` when `user` is the only active administrator.
    func requireOther(than user: String) throws {
        let members = try members()
        guard members.contains(user), try !hasActive(members.filter { $0 != user }) else { return }
        throw RoadsteadError(
            .conflict, "\(user) is the only active member of \(Principal.admin); add another one first",
            context: ["resource-id": user])
    }

    /// Throws `conflict` when no active administrator is left.
    func requireSomebody() throws {
        guard try !hasActive(try members()) else { return }
        throw RoadsteadError(
            .conflict, "\(Principal.admin) must keep at least one active member",
            context: ["resource-id": Principal.admin])
    }

    private func members() throws -> [String] {
        guard let id = ResourceID(Principal.admin), let group = try transaction.find(id) else { return [] }
        return Membership.users(group.body)
    }

    private func hasActive(_ users: [String]) throws -> Bool {
        try users.contains { user in
            guard let id = ResourceID(user) else { return false }
            return try transaction.find(id)?["state"] == "ACTIVE"
        }
    }
}
