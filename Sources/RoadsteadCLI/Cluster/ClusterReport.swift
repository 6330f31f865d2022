import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// What is told of a cluster that is ready.
enum ClusterReport {
    /// The address of its engine API; nil while it is registered nowhere.
    static func endpoint(_ cluster: JSONObject, _ client: APIClient) async throws(RoadsteadError) -> String? {
        guard let service = ResourceID(cluster.text("infrastructure-service")) else { return nil }
        return try await client.get(service).text("endpoint")
    }

    static func ready(_ cluster: JSONObject, endpoint: String?) -> [String] {
        let (name, specification) = (cluster.title, cluster.specification)
        let managers = specification["managers"]?.integerValue.map(Int.init) ?? 1
        let workers = specification["workers"]?.integerValue.map(Int.init) ?? 0
        var lines = [
            "Cluster \(name) is ready (\(cluster.text("id"))): \(counted(managers, "manager")), \(counted(workers, "worker"))."
        ]
        var sheet = FactSheet()
        sheet.add("  Engine", endpoint)
        sheet.add("  Deploy", "roadstead deploy --on \(name)")
        sheet.add("  Docker", "roadstead cluster context \(name); docker --context roadstead-\(name) node ls")
        sheet.add("  Look", "roadstead cluster show \(name)")
        lines += sheet.lines()
        return lines
    }
}
