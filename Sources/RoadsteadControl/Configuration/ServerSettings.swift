import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// `configuration/nuvla`: the settings that administrators change while the server runs.
public enum ServerSettings {
    public static let id = ResourceID(type: "configuration", identifier: "nuvla")

    /// Makes them with their defaults where they are missing, as at the first start. Idempotent.
    public static func ensure(in context: ControlContext) async throws {
        let type = ResourceType.configuration
        guard let template = type.templates.first(where: { $0.identifier == id.identifier }),
            try await context.store.find(id) == nil
        else { return }
        var document: JSONObject = [
            "id": .string(id.description), "resource-type": .string(type.name), "name": "Server",
            "template": ["href": .string("\(type.name)-template/\(id.identifier)")],
            "acl": AccessList(owners: [Principal.admin]).normalized().json, "created-by": "internal",
        ]
        document = document.merging(template.defaults)
        let complete = document
        try await context.store.write { transaction in
            guard try transaction.find(id) == nil else { return }
            try transaction.insert(complete)
        }
    }
}
