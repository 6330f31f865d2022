import RoadsteadBasics

extension AttributeKind {
    /// What values the attribute takes, in JSON Schema (2020-12). A rule that JSON Schema cannot say is told in words.
    public var jsonSchema: JSONObject {
        switch self {
        case .string: ["type": "string"]
        case .text: ["type": "string", "pattern": "\\S"]
        case .token(let rule, _): ["type": "string", "minLength": 1, "description": .string("Must be \(rule).")]
        case .oneOf(let values): ["type": "string", "enum": JSONValue(values)]
        case .boolean: ["type": "boolean"]
        case .integer(let range): Self.integer(range)
        case .number: ["type": "number"]
        case .timestamp: ["type": "string", "format": "date-time"]
        case .resource(let types): Self.resource(types)
        case .array(let kind, let minimum, let isDistinct): Self.array(kind, minimum, isDistinct)
        case .map(let schema): schema.jsonSchema
        case .dictionary(let kind): ["type": "object", "additionalProperties": .object(kind.jsonSchema)]
        case .anything: [:]
        }
    }

    private static func integer(_ range: ClosedRange<Int64>) -> JSONObject {
        var schema: JSONObject = ["type": "integer"]
        if range.lowerBound != .min { schema["minimum"] = .integer(range.lowerBound) }
        if range.upperBound != .max { schema["maximum"] = .integer(range.upperBound) }
        return schema
    }

    private static func resource(_ types: [String]) -> JSONObject {
        let type = types.isEmpty ? "[a-z-]+" : types.count == 1 ? types[0] : "(\(types.joined(separator: "|")))"
        return ["type": "string", "pattern": .string("^\(type)/[A-Za-z0-9._-]+$"), "maxLength": 256]
    }

    private static func array(_ kind: AttributeKind, _ minimum: Int, _ isDistinct: Bool) -> JSONObject {
        var schema: JSONObject = ["type": "array", "items": .object(kind.jsonSchema)]
        if minimum > 0 { schema["minItems"] = JSONValue(minimum) }
        if isDistinct { schema["uniqueItems"] = true }
        return schema
    }
}

extension Attribute {
    /// The schema of the attribute's values with what is said about it.
    public var jsonSchema: JSONObject {
        var schema = kind.jsonSchema
        if let description {
            let rule = schema["description"]?.stringValue.map { " " + $0 } ?? ""
            schema["description"] = .string(description + rule)
        }
        return schema
    }
}

extension Schema {
    /// An object with these attributes.
    public var jsonSchema: JSONObject {
        var schema: JSONObject = [
            "type": "object",
            "properties": .object(JSONObject(attributes.map { ($0.name, JSONValue.object($0.jsonSchema)) })),
        ]
        let required = attributes.filter { $0.traits.contains(.required) }.map(\.name)
        if !required.isEmpty { schema["required"] = JSONValue(required) }
        switch openness {
        case .closed: schema["additionalProperties"] = false
        case .namespaced: schema["patternProperties"] = ["^[^:]+:[^:]+$": [:]]
        case .open: break
        }
        if openness == .namespaced { schema["additionalProperties"] = false }
        return schema
    }
}
