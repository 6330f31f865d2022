import RoadsteadBasics
import RoadsteadClient

/// Where an application goes: an infrastructure service and the credential that opens it.
struct DeployTarget: Sendable {
    var service: JSONObject
    var credential: ResourceID

    /// `text` names an infrastructure service, or a credential of one.
    static func find(_ text: String, _ client: APIClient) async throws(RoadsteadError) -> DeployTarget {
        if let id = ResourceID(text), id.type == "credential" {
            let credential = try await client.get(id)
            guard let parent = ResourceID(credential.text("parent")) else {
                throw RoadsteadError(.invalidInput, "credential '\(text)' belongs to no infrastructure service")
            }
            return DeployTarget(service: try await client.get(parent), credential: id)
        }
        let service = try await ResourceLookup.infrastructure(client).get(text)
        guard service.text("subtype") == "swarm" else {
            throw RoadsteadError(
                .invalidInput, "'\(text)' is a \(service.text("subtype")), and applications are deployed to a swarm")
        }
        let credentials = try await ServiceCredentials.list(client, of: try service.requireID())
        guard let credential = choose(credentials) else {
            throw RoadsteadError(
                .notFound,
                "you have no credential for '\(text)': add one by `roadstead credential add swarm … --for \(text)`")
        }
        return DeployTarget(service: service, credential: try credential.requireID())
    }

    /// A valid one before one that was never checked, before one that failed.
    static func choose(_ credentials: [JSONObject]) -> JSONObject? {
        let order = ["VALID": 0, "": 1, "UNKNOWN": 1, "INVALID": 2]
        return credentials.filter { $0.text("subtype").hasSuffix("-swarm") }
            .min { (order[$0.text("status")] ?? 1) < (order[$1.text("status")] ?? 1) }
    }
}
