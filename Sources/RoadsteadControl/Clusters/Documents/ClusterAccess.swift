import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Who may see what a cluster brought forth: whoever may the cluster.
enum ClusterAccess {
    /// The list of its machines, of its infrastructure service and of the credential of that.
    static func ofParts(_ cluster: JSONObject) -> JSONValue {
        cluster["acl"] ?? AccessList(owners: [Principal.admin]).normalized().json
    }

    /// Pushes a changed list to all of them.
    static func share(_ cluster: JSONObject, in transaction: StoreTransaction) throws {
        guard let id = ResourceID(cluster["id"]?.stringValue ?? "") else { return }
        let list = ofParts(cluster)
        let references = ["infrastructure-service", "infrastructure-credential"].compactMap { cluster[$0]?.stringValue }
        let parts = try transaction.machines(of: id).map(\.id) + references.compactMap { ResourceID($0) }
        for part in parts where try transaction.find(part).map({ $0["acl"] != list }) ?? false {
            try transaction.modify(part) { $0["acl"] = list }
        }
    }
}
