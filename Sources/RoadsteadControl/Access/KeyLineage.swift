import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Which API key made which. A key that was made by a key rests on it: it opens nothing that the other would not, and goes
/// with it.
struct KeyLineage {
    /// On a key the one that made it, as on a session the one that opened it; so that one index finds both.
    static let attribute = "credential"
    /// A chain of more is no use that anybody has.
    private static let longest = 100

    let transaction: StoreTransaction

    /// Whether the key, and every key that it rests on, is good at this moment: there, not expired, and its user active and
    /// a member of the group that it was made for.
    func isGood(_ key: StoredDocument, at now: Instant) throws -> Bool {
        var key = key
        for _ in 0..<Self.longest {
            guard try stands(key, at: now) else { return false }
            guard let maker = key[Self.attribute]?.stringValue else { return true }
            guard let id = ResourceID(maker), let above = try transaction.find(id) else { return false }
            key = above
        }
        return false
    }

    private func stands(_ key: StoredDocument, at now: Instant) throws -> Bool {
        if let text = key["expiry"]?.stringValue {
            guard let expiry = Instant(rfc3339: text), expiry > now else { return false }
        }
        guard let identity = key["claims"]?["identity"]?.stringValue else { return false }
        if identity.hasPrefix("user/") { return try isActive(identity) }
        guard identity.hasPrefix("group/") else { return true }
        guard let maker = key["created-by"]?.stringValue, maker.hasPrefix("user/") else {
            return try ResourceID(identity).flatMap { try transaction.find($0) } != nil
        }
        return try isActive(maker) && Membership(transaction: transaction).isMember(maker, of: identity)
    }

    private func isActive(_ user: String) throws -> Bool {
        guard let id = ResourceID(user) else { return false }
        return try transaction.find(id)?["state"]?.stringValue == "ACTIVE"
    }

    /// All keys that rest on the key, at any depth, without itself.
    func descendants(of key: String) throws -> [ResourceID] {
        var found: [ResourceID] = []
        var makers = [key]
        while let maker = makers.popLast() {
            let isChild = Filter.equal("subtype", "api-key") && .equal(FilterPath(Self.attribute), .string(maker))
            let children = try transaction.all("credential", where: isChild).map(\.id)
            found += children
            makers += children.map(\.description)
        }
        return found
    }

    /// Removes the keys that rest on the key, and ends their sessions and its own. The key itself stays.
    func end(_ key: String) throws {
        try SessionEnding(transaction: transaction).end(ofKey: key)
        for descendant in try descendants(of: key) { try transaction.delete(descendant) }
    }
}

extension StoreTransaction {
    /// Every match, however many pages they fill; `page` is how many are read at once.
    func all(
        _ type: String, where filter: Filter, page: Int = DocumentQuery.maximumPage
    ) throws -> [StoredDocument] {
        var query = DocumentQuery(type: type, filter: filter, order: [.init("id")], last: page)
        var found: [StoredDocument] = []
        while true {
            let documents = try self.query(query).documents
            found += documents
            guard documents.count == page, let last = documents.last else { return found }
            query.filter = filter && .compare("id", .greater, .string(last.id.description))
        }
    }
}
