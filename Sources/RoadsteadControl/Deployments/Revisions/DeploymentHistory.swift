import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The recorded revisions of one deployment.
struct DeploymentHistory {
    /// How many are kept.
    static let kept = 10

    let deployment: StoredDocument

    /// Newest first.
    func all(in transaction: StoreTransaction) throws -> [StoredDocument] {
        try transaction.query(Self.query(deployment.id)).documents.sorted { Self.number(of: $0) > Self.number(of: $1) }
    }

    /// The one that was applied last. Throws `invalidState` when nothing was recorded.
    func newest(in transaction: StoreTransaction) throws -> StoredDocument {
        guard let newest = try all(in: transaction).first else {
            throw RoadsteadError(
                .invalidState, "\(deployment.id) has no recorded revision; update it once, and there will be one",
                context: ["resource-id": deployment.id.description])
        }
        return newest
    }

    /// The revision that a rollback brings back: the one that is named, or the one before the newest. Throws `notFound`.
    func target(of number: Int64?, in transaction: StoreTransaction) throws -> StoredDocument {
        let revisions = try all(in: transaction)
        let numbers = revisions.map { Self.number(of: $0) }
        let wanted = number ?? numbers.dropFirst().first
        if let found = revisions.first(where: { Self.number(of: $0) == wanted }) { return found }
        let there =
            numbers.isEmpty ? "none is recorded" : "there are: " + numbers.map(String.init).joined(separator: ", ")
        throw RoadsteadError(
            .notFound,
            number.map { "\(deployment.id) has no revision \($0); \(there)" }
                ?? "\(deployment.id) has no revision before the last; \(there)",
            context: ["resource-id": deployment.id.description])
    }

    /// Stores a revision, once for each id, and forgets the oldest. Answers its number.
    @discardableResult
    func add(_ revision: JSONObject, in transaction: StoreTransaction) throws -> Int64 {
        if let id = revision["id"]?.stringValue.flatMap({ ResourceID($0) }), let known = try transaction.find(id) {
            return Self.number(of: known)
        }
        let revisions = try all(in: transaction)
        let number = max(deployment["revision"]?.integerValue ?? 0, revisions.first.map(Self.number) ?? 0) + 1
        var body = revision
        body["revision"] = .integer(number)
        try transaction.insert(body)
        for old in revisions.dropFirst(Self.kept - 1) { try transaction.delete(old.id) }
        return number
    }

    static func number(of revision: StoredDocument) -> Int64 { revision["revision"]?.integerValue ?? 0 }

    static func query(_ id: ResourceID) -> DocumentQuery {
        DocumentQuery(type: ResourceType.deploymentRevision.name, filter: .equal("parent", .string(id.description)))
    }
}
