import RoadsteadBasics

extension ResourceType {
    /// Descriptions of all types, for programs that build forms and filter editors. Made from the types themselves.
    public static let resourceMetadata = ResourceType(
        "resource-metadata", description: "What the resources of a type look like and what can be done with them.",
        access: CollectionAccess(query: [Principal.anonymous]), verbs: readOnly,
        attributes: [
            Attribute("type-uri", .string, .required, description: "What is described."),
            Attribute("attributes", .array(of: .anything), .required, description: "The attributes, by name."),
            Attribute("required", .strings, description: "Names of the required attributes."),
            Attribute("actions", .array(of: .anything), description: "What can be done beyond the uniform verbs."),
            Attribute("capabilities", .array(of: .anything), description: "What the collection can do."),
        ])
}

/// Makes the `resource-metadata` documents of a type: one for it, one a subtype, and one for the body of an add.
public enum ResourceMetadata {
    public static func documents(of type: ResourceType, at moment: Instant) -> [JSONObject] {
        let actions = type.actions.map { JSONValue.object(action($0)) }
        let of = { (uri: String, schema: Schema) in
            document(uri, type.description, schema.attributes, actions: actions, type: type, at: moment)
        }
        var documents = [of(type.name, type.schema)]
        documents += type.subtypes.sorted { $0.key < $1.key }.map { of("\(type.name)-\($0.key)", $0.value) }
        documents += type.templates.map { template in
            document(
                "\(type.name)-template-\(template.identifier)-create", template.description,
                template.schema.attributes, actions: [], type: type, at: moment)
        }
        return documents
    }

    private static func document(
        _ uri: String, _ description: String?, _ attributes: [Attribute], actions: [JSONValue], type: ResourceType,
        at moment: Instant
    ) -> JSONObject {
        let shown = attributes.filter { !$0.traits.contains(.hidden) }.sorted { $0.name < $1.name }
        let stamp = JSONValue.string(moment.description)
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: [Principal.anonymous]])
        let described = shown.enumerated().map { JSONValue.object(AttributeMetadata($1, order: $0).json) }
        return [
            "id": .string("resource-metadata/" + uri), "resource-type": "resource-metadata", "created": stamp,
            "updated": stamp, "type-uri": .string(uri), "name": .string(uri),
            "description": .string(description ?? "The resource type \(type.name)."), "acl": access.normalized().json,
            "attributes": .array(described),
            "required": JSONValue(shown.filter { $0.traits.contains(.required) }.map(\.name)),
            "actions": .array(actions), "capabilities": .array(capabilities(of: type)),
        ]
    }

    private static func capabilities(of type: ResourceType) -> [JSONValue] {
        type.verbs.contains(.bulkDelete) ? [["uri": "urn:bulk-delete", "name": "bulk-delete", "value": true]] : []
    }

    private static func action(_ action: ResourceAction) -> JSONObject {
        var json: JSONObject = [
            "name": .string(action.name), "uri": .string(action.name), "method": "POST",
            "input-message": "application/json", "output-message": "application/json",
        ]
        json["description"] = action.description.map(JSONValue.string)
        if !action.input.isEmpty {
            json["input-parameters"] = .array(action.input.map { .object(AttributeMetadata($0, order: 0).parameter) })
        }
        return json
    }
}
