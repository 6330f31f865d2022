import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// The facts about a running deployment that the server keeps as parameters: host name, ports, replicas.
enum DeploymentParameters {
    static func list(_ client: APIClient, of deployment: ResourceID) async throws(RoadsteadError) -> [JSONObject] {
        let query = ClientQuery(filter: "parent='\(deployment)'", orderBy: "name:asc")
        return try await client.query("deployment-parameter", query).documents
    }

    /// The application's URLs with parameters put in for `${name}`; those with a missing or empty one are left out.
    /// An application that names none gets `http://host:port` for each published TCP port.
    static func addresses(_ deployment: JSONObject, _ parameters: [JSONObject]) -> [(label: String, url: String)] {
        let values = Dictionary(parameters.map { ($0.text("name"), $0.text("value")) }, uniquingKeysWith: { $1 })
        let patterns = deployment["module"]?["content"]?["urls"]
        guard patterns?.arrayValue?.isEmpty ?? true else { return URLPattern.addresses(patterns, values) }
        return published(values)
    }

    private static func published(_ values: [String: String]) -> [(label: String, url: String)] {
        guard let host = values["hostname"], !host.isEmpty else { return [] }
        return values.sorted { $0.key < $1.key }.compactMap { name, port in
            let parts = name.split(separator: ".")
            guard parts.count == 3, parts[1] == "tcp", Int(parts[2]) != nil, Int(port) != nil else { return nil }
            return ("\(parts[0]):\(parts[2])", "http://\(host):\(port)")
        }
    }
}
