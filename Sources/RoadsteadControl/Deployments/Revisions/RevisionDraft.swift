import DockerAPI
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// The `deployment-revision` document of a job, before its number is known.
struct RevisionDraft: Sendable {
    let id: ResourceID
    let deployment: StoredDocument
    /// An operation of a deployment, or `adopt`.
    let operation: String
    let job: ResourceID?
    let author: String?
    let content: RevisionContent
    var restored: Int64?

    /// One job makes at most one revision, however often it is resumed.
    static func id(of job: ResourceID) -> ResourceID {
        ResourceID(type: ResourceType.deploymentRevision.name, identifier: NameBasedUUID.make("\(job)#revision"))
    }

    func document(outcome: String, sealer: Sealer) throws -> JSONObject {
        let module = content.module
        var body: JSONObject = [
            "id": .string(id.description), "resource-type": .string(ResourceType.deploymentRevision.name),
            "parent": .string(deployment.id.description), "stack-name": .string(content.stack.stack),
            "operation": .string(operation),
            "outcome": .string(outcome), "images": .object(JSONObject(images)), "variables": JSONValue(variables),
            "sealed": .string(try content.sealed(by: sealer, as: id)),
            "acl": DeploymentAccess.ofRevision(deployment.body).normalized().json,
        ]
        body["job"] = job.map { .string($0.description) }
        body["created-by"] = author.map(JSONValue.string)
        body["restored"] = restored.map(JSONValue.integer)
        body["docker-compose"] = module["content"]?["docker-compose"]
        body["module"] = .object(Self.reference(module))
        return body
    }

    var services: [String] { content.stack.services.map(\.key).sorted() }

    private var images: [(String, JSONValue)] {
        content.stack.services.compactMap { service in
            service.spec.taskTemplate.containerSpec?.image.map { (service.key, .string($0)) }
        }
    }

    private var variables: [String] {
        let entries = content.module["content"]?["environmental-variables"]?.arrayValue ?? []
        return entries.filter { $0["value"] != nil }.compactMap { $0["name"]?.stringValue }
    }

    private static func reference(_ module: JSONObject) -> JSONObject {
        var reference = module.filter { ["href", "name", "path"].contains($0.key) }
        let href = module["href"]?.stringValue.flatMap { ResourceID($0) }
        let named = href.flatMap { ModuleVersions.split($0).version }
        let versions = module["versions"]?.arrayValue ?? []
        let content = module["content"]?["id"]
        let found = named ?? versions.lastIndex { $0["href"] == content && content != nil }
        reference["version"] = found.map { JSONValue($0) }
        return reference
    }
}
