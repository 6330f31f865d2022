import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Ends sessions together with what they rested on: in the same transaction, so that no request gets through afterwards.
struct SessionEnding {
    let transaction: StoreTransaction
    /// How many documents are read at once; all of them are ended.
    var page = DocumentQuery.maximumPage

    /// All sessions of a user but one.
    func end(ofUser user: String, keeping session: String? = nil) throws {
        try end(.equal("user", .string(user)), keeping: session)
        for key in try keys(madeBy: user) { try end(ofKey: key) }
    }

    /// The sessions that were opened with the user's password, but one.
    func endPasswordSessions(of user: String, keeping session: String?) throws {
        try end(.equal("user", .string(user)) && .equal("method", "password"), keeping: session)
    }

    /// The sessions that an API key has opened, and the keys that rest on it.
    func end(ofKey key: String) throws {
        for id in [key] + (try KeyLineage(transaction: transaction).descendants(of: key).map(\.description)) {
            try end(.equal("credential", .string(id)))
        }
    }

    /// The sessions of somebody who has left a group and acts for it, or for a group below, without being a member on
    /// another way; and those of the keys that were made on its behalf.
    func endStrangers(_ user: String) throws {
        let membership = Membership(transaction: transaction)
        let isGroup = Filter.compare("active-claim", .prefix, "group/")
        for session in try sessions(.equal("user", .string(user)) && isGroup) {
            let claim = session["active-claim"]?.stringValue ?? ""
            if try !membership.isMember(user, of: claim) { try transaction.delete(session.id) }
        }
        let ofGroups = Filter.compare("claims/identity", .prefix, "group/")
        for key in try keys(madeBy: user, ofGroups) {
            let identity = try transaction.get(key)["claims"]?["identity"]?.stringValue ?? ""
            if try !membership.isMember(user, of: identity) { try end(ofKey: key.description) }
        }
    }

    /// Whoever acts for a group that is no more.
    func end(ofGroup group: String) throws {
        try end(.equal("active-claim", .string(group)) || .equal("user", .string(group)))
    }

    /// Sessions whose time is over.
    func endExpired(at now: Instant) throws { try end(.compare("expiry", .lessOrEqual, .date(now))) }

    private func end(ofKey key: ResourceID) throws { try end(ofKey: key.description) }

    private func end(_ filter: Filter, keeping kept: String? = nil) throws {
        for session in try sessions(filter) where session.id.description != kept { try transaction.delete(session.id) }
    }

    private func sessions(_ filter: Filter) throws -> [StoredDocument] {
        try transaction.all("session", where: filter, page: page)
    }

    private func keys(madeBy user: String, _ condition: Filter = .and([])) throws -> [ResourceID] {
        let filter = Filter.equal("subtype", "api-key") && .equal("created-by", .string(user)) && condition
        return try transaction.all("credential", where: filter, page: page).map(\.id)
    }
}
