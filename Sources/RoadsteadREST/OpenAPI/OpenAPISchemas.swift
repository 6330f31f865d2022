import RoadsteadBasics
import RoadsteadModel

/// The schemas of one type: a document as it is shown, the body of an add, the body of an edit.
struct OpenAPISchemas {
    let type: ResourceType

    /// `#/components/schemas/<type>`, `<type>.add`, `<type>.edit`.
    var json: JSONObject {
        var schemas: JSONObject = [type.name: .object(document)]
        if type.verbs.contains(.add) { schemas[type.name + ".add"] = .object(addition) }
        if type.verbs.contains(.edit) { schemas[type.name + ".edit"] = .object(edit) }
        return schemas
    }

    /// How much of a document is there depends on rights and on `select`: only the id always is.
    private var document: JSONObject {
        var properties = merged { !$0.traits.contains(.hidden) }
        properties["acl"] = Self.reference("acl")
        properties["operations"] = Self.reference("operations")
        var schema: JSONObject = ["type": "object", "properties": .object(properties), "required": ["id"]]
        schema["description"] = type.description.map(JSONValue.string)
        return schema
    }

    private var edit: JSONObject {
        let fixed: Attribute.Traits = [.fixed, .managed, .hidden]
        var properties = merged {
            $0.traits.isDisjoint(with: fixed) && !CommonAttributes.serverSet.contains($0.name)
        }
        for attribute in type.requestOnly { properties[attribute.name] = .object(attribute.jsonSchema) }
        properties["acl"] = Self.reference("acl")
        return ["type": "object", "properties": .object(properties)]
    }

    private var addition: JSONObject { type.isTemplated ? templated : direct }

    private var direct: JSONObject {
        let isGiven = { (attribute: Attribute) in
            attribute.traits.isDisjoint(with: [.managed, .hidden])
                && !CommonAttributes.serverSet.contains(attribute.name)
        }
        var properties = merged(isGiven)
        for attribute in type.requestOnly { properties[attribute.name] = .object(attribute.jsonSchema) }
        properties["acl"] = Self.reference("acl")
        let required = (type.schema.attributes + type.requestOnly).filter { attribute in
            isGiven(attribute) && attribute.traits.contains(.required) && !attribute.traits.contains(.defaulted)
        }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = JSONValue(required.map(\.name)) }
        return schema
    }

    private var templated: JSONObject {
        let wrapper = type.schema.attributes.filter { CommonAttributes.wrapper.contains($0.name) && $0.name != "acl" }
        var properties = JSONObject(wrapper.map { ($0.name, JSONValue.object($0.jsonSchema)) })
        properties["acl"] = Self.reference("acl")
        properties["template"] = ["oneOf": .array(type.templates.map { .object(template($0)) })]
        return ["type": "object", "properties": .object(properties), "required": ["template"]]
    }

    private func template(_ template: ResourceTemplate) -> JSONObject {
        var schema = template.schema.jsonSchema
        let href: JSONValue = ["type": "string", "const": .string("\(type.name)-template/\(template.identifier)")]
        schema["properties"] = .object(
            JSONObject([("href", href)]).merging(schema["properties"]?.objectValue ?? [:]))
        let required = schema["required"]?.arrayValue ?? []
        schema["required"] = .array(["href"] + required)
        schema["title"] = .string(template.name)
        schema["description"] = .string(template.description)
        return schema
    }

    /// The attributes of the type and of all its subtypes by name; one that they see differently may be either.
    private func merged(_ isIncluded: (Attribute) -> Bool) -> JSONObject {
        let schemas = [type.schema] + type.subtypes.sorted { $0.key < $1.key }.map(\.value)
        var variants: [String: [JSONValue]] = [:]
        var names: [String] = []
        for attribute in schemas.flatMap(\.attributes) where isIncluded(attribute) {
            let schema = JSONValue.object(attribute.jsonSchema)
            if variants[attribute.name] == nil { names.append(attribute.name) }
            if variants[attribute.name]?.contains(schema) != true {
                variants[attribute.name, default: []].append(schema)
            }
        }
        return JSONObject(
            names.map { name in
                let kinds = variants[name] ?? []
                return (name, kinds.count == 1 ? kinds[0] : ["anyOf": .array(kinds)])
            })
    }

    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/" + name)] }
}

extension OpenAPISchemas {
    /// What all types share.
    static let common: JSONObject = [
        "acl": .object(access),
        "operations": [
            "type": "array", "description": "What this caller may do now, with paths under the API's base.",
            "items": [
                "type": "object", "required": ["rel", "href"],
                "properties": ["rel": ["type": "string"], "href": ["type": "string"]],
            ],
        ],
        "error": .object(answer),
        "answer": .object(answer),
        "bulk": [
            "type": "object", "required": ["total", "failures"],
            "properties": [
                "total": ["type": "integer"], "deleted": ["type": "integer"], "updated": ["type": "integer"],
                "took": ["type": "integer"], "timed_out": ["type": "boolean"], "failures": ["type": "array"],
            ],
        ],
        "cloud-entry-point": [
            "type": "object", "required": ["id", "base-uri", "collections"],
            "properties": [
                "id": ["type": "string"], "base-uri": ["type": "string"], "name": ["type": "string"],
                "description": ["type": "string"], "tags": ["type": "array", "items": ["type": "string"]],
                "collections": ["type": "object", "additionalProperties": ["type": "object"]],
                "acl": reference("acl"), "operations": reference("operations"),
            ],
        ],
        "patch": [
            "type": "array",
            "items": [
                "type": "object", "required": ["op", "path"],
                "properties": [
                    "op": ["enum": ["add", "remove", "replace", "move", "copy", "test"]],
                    "path": ["type": "string", "format": "json-pointer"],
                    "from": ["type": "string", "format": "json-pointer"], "value": [:],
                ],
            ],
        ],
    ]

    private static let answer: JSONObject = [
        "type": "object", "required": ["status", "message"],
        "properties": [
            "status": ["type": "integer"], "message": ["type": "string"], "resource-id": ["type": "string"],
            "location": ["type": "string"], "code": ["type": "string"],
        ],
    ]

    private static var access: JSONObject {
        let principals: JSONValue = [
            "type": "array", "items": ["type": "string", "pattern": "^[a-z-]+/[a-z0-9-]+$"],
        ]
        var properties: JSONObject = ["owners": principals]
        for right in AccessRight.allCases { properties[right.rawValue] = principals }
        return [
            "type": "object", "description": "Who may do what: owners everything, others what lists name them.",
            "properties": .object(properties), "additionalProperties": false,
        ]
    }
}
