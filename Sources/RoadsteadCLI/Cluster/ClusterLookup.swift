import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

extension ResourceLookup {
    /// Those of which something may be left: the name of a cluster that is gone is free again.
    static func clusters(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(client: client, type: "cluster", noun: "cluster", condition: "state!='TERMINATED'")
    }

    /// The same at a server that may have no such type at all, as Nuvla has not.
    func findIfKnown(_ text: String) async throws(RoadsteadError) -> JSONObject? {
        do { return try await find(text) } catch  where error.code == .notFound { return nil }
    }

    static func machines(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(client: client, type: "machine", noun: "machine", condition: "state!='REMOVED'")
    }
}

/// The machines of clusters.
enum MachineQuery {
    /// By their clusters' names and then by number: `prod-2` before `prod-10`.
    static func list(_ client: APIClient, of cluster: ResourceID? = nil) async throws(RoadsteadError) -> [JSONObject] {
        let filter = "state!='REMOVED'" + (cluster.map { " and parent='\($0)'" } ?? "")
        let found = try await client.query("machine", ClientQuery(filter: filter, orderBy: "name:asc")).documents
        return found.sorted { order($0.text("name")) < order($1.text("name")) }
    }

    static func order(_ name: String) -> (String, Int, String) {
        let number = name.reversed().prefix { $0.isNumber }
        let stem = String(name.dropLast(number.count))
        return (stem, Int(String(number.reversed())) ?? 0, name)
    }
}

extension JSONObject {
    /// What a cluster shall be.
    var specification: JSONObject { self["specification"]?.objectValue ?? [:] }

    /// Of a cluster; nil for a word that this version does not know.
    var clusterState: ClusterState? { ClusterState(rawValue: text("state")) }
}
