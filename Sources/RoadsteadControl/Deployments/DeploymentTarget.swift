import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Where a deployment goes: its `parent` credential, and the service that the credential belongs to.
struct DeploymentTarget {
    let scope: RequestScope

    /// The deployment with the facts about its target that are kept in it. The caller must be able to see both.
    func applied(to deployment: JSONObject) async throws -> JSONObject {
        guard let parent = deployment["parent"]?.stringValue else { return deployment }
        guard let id = ResourceID(parent), id.type == "credential" else {
            throw RoadsteadError(.invalidInput, "parent '\(parent)' is not the id of a credential")
        }
        let credential = try await scope.get(id, with: .viewMeta)
        var applied = deployment
        applied["credential-name"] = credential["name"]
        applied["infrastructure-service"] = credential["parent"]
        applied["infrastructure-service-name"] = nil
        guard let service = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }) else { return applied }
        applied["infrastructure-service-name"] = try await scope.get(service, with: .viewMeta)["name"]
        return applied
    }
}
