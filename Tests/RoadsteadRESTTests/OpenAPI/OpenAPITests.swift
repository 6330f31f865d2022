import NIOHTTP1
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadREST

/// The description of the API agrees with itself and with the types. `./test` has a validator judge it too.
@Suite struct OpenAPITests {
    private static let document = JSONValue.object(OpenAPIDocument(types: ResourceType.all).json)

    @Test("every reference leads somewhere")
    func references() {
        var count = 0
        for reference in Self.references(in: Self.document) {
            count += 1
            let names = reference.dropFirst(2).split(separator: "/").map(String.init)
            #expect(names.reduce(Self.document) { $0[$1] ?? .null } != .null, "\(reference)")
        }
        #expect(count > 500)
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap(references)
        case .object(let object):
            object.flatMap { member -> [String] in
                if member.key == "$ref", let text = member.value.stringValue { return [text] }
                return references(in: member.value)
            }
        default: []
        }
    }

    @Test("every type has the operations of its verbs, actions and bulk actions, each with a name of its own")
    func operations() {
        var names: [String] = []
        for (_, item) in Self.document["paths"]?.objectValue ?? [:] {
            names += (item.objectValue ?? [:]).compactMap { $0.value["operationId"]?.stringValue }
        }
        #expect(Set(names).count == names.count)
        for type in ResourceType.all {
            let expected = type.verbs.map { ["retrieve": "get"][$0.rawValue] ?? $0.rawValue } + type.actions.map(\.name)
            for name in expected + type.bulkActions.map(\.name) {
                #expect(names.contains("\(type.name).\(name)"), "\(type.name).\(name)")
            }
        }
    }

    @Test("nothing hidden is described")
    func hidden() {
        for type in ResourceType.all {
            for name in type.names(with: .hidden) {
                let schema = Self.document["components"]?["schemas"]?[type.name]
                #expect(schema?["properties"]?[name] == nil, "\(type.name).\(name)")
            }
        }
    }

    static let kinds: [(AttributeKind, JSONObject)] = [
        (.text, ["type": "string", "pattern": "\\S"]), (.oneOf(["a"]), ["type": "string", "enum": ["a"]]),
        (.integer(1...(.max)), ["type": "integer", "minimum": 1]),
        (.integer(0...9), ["type": "integer", "minimum": 0, "maximum": 9]),
        (.timestamp, ["type": "string", "format": "date-time"]), (.anything, [:]),
        (.resource(["user"]), ["type": "string", "pattern": "^user/[A-Za-z0-9._-]+$", "maxLength": 256]),
        (
            .array(of: .boolean, minimum: 1, isDistinct: true),
            ["type": "array", "items": ["type": "boolean"], "minItems": 1, "uniqueItems": true]
        ),
        (
            .map(Schema([Attribute("a", .number, .required, description: "A.")])),
            [
                "type": "object", "properties": ["a": ["type": "number", "description": "A."]], "required": ["a"],
                "additionalProperties": false,
            ]
        ),
        (.dictionary(of: .string), ["type": "object", "additionalProperties": ["type": "string"]]),
    ]

    @Test("kinds of attributes become JSON Schema", arguments: kinds)
    func kind(_ kind: AttributeKind, _ schema: JSONObject) { #expect(kind.jsonSchema == schema) }

    @Test("resource-metadata describes attributes, subtypes and templates as the dialect has it")
    func metadata() async throws {
        try await TestServer.run { server in
            let event = try await server.send(.GET, "/api/resource-metadata/event").json
            #expect(event["type-uri"] == "event")
            #expect(event["required"]?.arrayValue?.contains("category") == true)
            let category = event["attributes"]?.arrayValue?.first { $0["name"] == "category" }
            #expect(category?["type"] == "string" && category?["section"] == "data")
            #expect(category?["value-scope"]?["values"]?.arrayValue?.contains("alarm") == true)
            let created = event["attributes"]?.arrayValue?.first { $0["name"] == "created" }
            #expect(
                created?["type"] == "date-time" && created?["server-managed"] == true && created?["section"] == "meta")
            let all = try await server.send(.GET, "/api/resource-metadata").json["resources"]?.arrayValue ?? []
            let ids = Set(all.compactMap { $0["id"]?.stringValue })
            for id in [
                "credential-ssh-key", "credential", "credential-template-generate-api-key-create", "resource-metadata",
            ] {
                #expect(ids.contains("resource-metadata/" + id), "\(id)")
            }
            let key = try await server.send(.GET, "/api/resource-metadata/credential-infrastructure-service-registry")
                .json
            let password = key["attributes"]?.arrayValue?.first { $0["name"] == "password" }
            #expect(password?["sensitive"] == true)
            #expect(try await server.send(.PUT, "/api/resource-metadata/event", "{}").status == 405)
        }
    }
}
