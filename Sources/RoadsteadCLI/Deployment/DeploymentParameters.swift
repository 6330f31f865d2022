import RoadsteadBasics
import RoadsteadClient

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
        let patterns = deployment["module"]?["content"]?["urls"]?.arrayValue ?? []
        guard patterns.isEmpty else {
            return patterns.compactMap { pair in
                guard let label = pair.arrayValue?.first?.stringValue, let pattern = pair.arrayValue?.last?.stringValue,
                    let url = substitute(pattern, values)
                else { return nil }
                return (label, url)
            }
        }
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

    private static func substitute(_ pattern: String, _ values: [String: String]) -> String? {
        var (text, rest) = ("", Substring(pattern))
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}"),
                let value = values[String(rest[start.upperBound..<end])], !value.isEmpty
            else { return nil }
            text += rest[..<start.lowerBound] + value
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }
}
