import RoadsteadBasics

/// The attribute object of a `resource-metadata` document.
struct AttributeMetadata {
    private let attribute: Attribute
    private let order: Int

    init(_ attribute: Attribute, order: Int) {
        self.attribute = attribute
        self.order = order
    }

    var json: JSONObject {
        let traits = attribute.traits
        let isManaged = traits.contains(.managed) || CommonAttributes.serverSet.contains(attribute.name)
        var json = parameter
        json["display-name"] = .string(attribute.name)
        json["section"] = .string(section)
        json["server-managed"] = .bool(isManaged)
        json["editable"] = .bool(!isManaged && !traits.contains(.fixed))
        json["hidden"] = false
        json["sensitive"] = .bool(traits.contains(.secret))
        json["fulltext"] = .bool(FullText.attributes.contains(attribute.name))
        json["indexed"] = .bool(!traits.contains(.secret))
        json["order"] = JSONValue(order)
        return json
    }

    /// Without what concerns attributes of resources alone.
    var parameter: JSONObject {
        var json: JSONObject = [
            "name": .string(attribute.name), "type": .string(attribute.metadataType ?? attribute.kind.metadataType),
        ]
        json["description"] = attribute.description.map(JSONValue.string)
        json["value-scope"] = attribute.kind.valueScope.map(JSONValue.object)
        let children = attribute.kind.childTypes
        if !children.isEmpty { json["child-types"] = .array(children.map(JSONValue.object)) }
        if case .map(let schema) = attribute.kind {
            json["required"] = JSONValue(schema.attributes.filter { $0.traits.contains(.required) }.map(\.name))
        }
        return json
    }

    private var section: String {
        if attribute.name == "acl" { return "acl" }
        return AttributeVisibility.meta.contains(attribute.name) ? "meta" : "data"
    }
}

extension AttributeKind {
    fileprivate var metadataType: String {
        switch self {
        case .string, .text, .token, .oneOf: "string"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "double"
        case .timestamp: "date-time"
        case .resource: "resource-id"
        case .array: "array"
        case .map, .dictionary: "map"
        case .anything: "any"
        }
    }

    fileprivate var valueScope: JSONObject? {
        switch self {
        case .oneOf(let values): return ["values": JSONValue(values)]
        case .integer(let range):
            var scope = JSONObject()
            if range.lowerBound != .min { scope["minimum"] = .integer(range.lowerBound) }
            if range.upperBound != .max { scope["maximum"] = .integer(range.upperBound) }
            return scope.isEmpty ? nil : scope
        default: return nil
        }
    }

    /// An array's one is named `item`, a map's are named as its keys.
    fileprivate var childTypes: [JSONObject] {
        switch self {
        case .array(let kind, _, _): [AttributeMetadata(Attribute("item", kind), order: 0).parameter]
        case .map(let schema): schema.attributes.map { AttributeMetadata($0, order: 0).parameter }
        default: []
        }
    }
}
