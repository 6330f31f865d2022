import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Facts that deployments produce. The id is derived from deployment, node and name, so that none comes twice.
struct DeploymentParameterRules: ResourceRules {
    let type = ResourceType.deploymentParameter
    let isShownAsStored = true

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        guard let parent = body["parent"]?.stringValue.flatMap({ ResourceID($0) }) else {
            throw RoadsteadError(.invalidInput, "a deployment-parameter needs a parent, the id of its deployment")
        }
        let deployment = try await scope.get(parent, with: .viewMeta)
        let list = try body["acl"].map { try AccessList(json: $0) }
        let access = list ?? DeploymentParameter.access(of: deployment.body)
        return ResourceDraft(
            body, identifier: DeploymentParameter.identifier(body),
            access: access.granting(.editACL, to: parent.description))
    }
}

/// The documents that facts about a deployment are kept in.
public enum DeploymentParameter {
    /// `web.tcp.80` of node `web`; nil for what concerns the deployment as a whole.
    public static func document(
        _ name: String, node: String?, value: String, of deployment: StoredDocument
    ) -> JSONObject {
        var body: JSONObject = [
            "resource-type": "deployment-parameter", "parent": .string(deployment.id.description),
            "name": .string(name), "value": .string(value),
        ]
        body["node-id"] = node.map(JSONValue.string)
        body["id"] = .string("deployment-parameter/" + identifier(body))
        body["acl"] = access(of: deployment.body).normalized().json
        return body
    }

    static func identifier(_ body: JSONObject) -> String {
        let parts = ["parent", "node-id", "name"].map { body[$0]?.stringValue ?? "" }
        return NameBasedUUID.make(parts.joined(separator: ":"))
    }

    static func access(of deployment: JSONObject) -> AccessList { DeploymentAccess.ofParameter(deployment) }
}
