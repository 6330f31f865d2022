import RoadsteadBasics
import RoadsteadModel

/// The paths of one type: the collection, a resource, its actions and bulk actions.
struct OpenAPIPaths {
    let type: ResourceType

    private typealias Responses = OpenAPIResponses
    private typealias Parameters = OpenAPIParameters

    var json: JSONObject {
        var paths: JSONObject = [:]
        if !collection.isEmpty { paths["/api/" + type.name] = .object(collection) }
        if !resource.isEmpty {
            paths["/api/\(type.name)/{uuid}"] = .object(
                JSONObject([("parameters", Parameters.references("uuid"))]).merging(resource))
        }
        for action in type.actions { paths["/api/\(type.name)/{uuid}/\(action.name)"] = .object(path(action)) }
        for action in type.bulkActions { paths["/api/\(type.name)/\(action.name)"] = .object(bulkPath(action)) }
        return paths
    }

    // MARK: - The collection

    private var collection: JSONObject {
        var methods = JSONObject()
        if type.verbs.contains(.query) {
            methods["get"] = .object(query)
            methods["put"] = .object(queryByForm)
        }
        if type.verbs.contains(.add) { methods["post"] = .object(add) }
        if type.verbs.contains(.bulkDelete) { methods["delete"] = .object(bulkDelete) }
        return methods
    }

    private var listing: JSONValue {
        let schema: JSONValue = [
            "type": "object", "required": ["count", "id", "resource-type", "resources"],
            "properties": [
                "count": ["type": "integer", "minimum": 0], "id": ["const": .string(type.name)],
                "resource-type": ["const": .string(type.name + "-collection")], "acl": ["type": "object"],
                "operations": OpenAPISchemas.reference("operations"), "aggregations": ["type": "object"],
                "resources": ["type": "array", "items": OpenAPISchemas.reference(type.name)],
            ],
        ]
        var page = Responses.json("A page of what matches.", schema)
        if ["event", "job"].contains(type.name), let content = page["content"]?.objectValue {
            let events: JSONObject = ["text/event-stream": ["schema": ["type": "string"]]]
            page["content"] = .object(content.merging(events))
        }
        return Responses.with(["200": .object(page)])
    }

    private func operation(_ id: String, _ summary: String, _ more: JSONObject) -> JSONObject {
        let common: JSONObject = [
            "operationId": .string("\(type.name).\(id)"), "tags": [.string(type.name)], "summary": .string(summary),
        ]
        return common.merging(more)
    }

    private var query: JSONObject {
        operation(
            "query", "List what the caller may see.",
            [
                "parameters": Parameters.references(
                    "filter", "first", "last", "select", "orderby", "aggregation", "pretty"),
                "responses": listing,
            ])
    }

    private var queryByForm: JSONObject {
        let fields = ["filter", "select", "orderby", "aggregation"].map { ($0, JSONValue.object(["type": "string"])) }
        let pages = ["first", "last"].map { ($0, JSONValue.object(["type": "integer"])) }
        let schema: JSONValue = ["type": "object", "properties": .object(JSONObject(fields + pages))]
        return operation(
            "search", "List what the caller may see, asked for by a form.",
            [
                "requestBody": ["content": ["application/x-www-form-urlencoded": ["schema": schema]]],
                "responses": listing,
            ])
    }

    private var add: JSONObject {
        let body = Self.body(OpenAPISchemas.reference(type.name + ".add"))
        return operation(
            "add", "Make one.",
            [
                "parameters": Parameters.references("idempotency-key"), "requestBody": body,
                "responses": Responses.with(["201": .object(Responses.created)]),
            ])
    }

    private var bulkDelete: JSONObject {
        operation(
            "bulk-delete", "Delete all that match and that the caller may delete.",
            [
                "parameters": Parameters.references("bulk", "filter"),
                "responses": Responses.with(["200": .object(Responses.json("How many.", schema: "bulk"))]),
            ])
    }

    // MARK: - One resource

    private var resource: JSONObject {
        var methods = JSONObject()
        if type.verbs.contains(.retrieve) { methods["get"] = .object(retrieve) }
        if type.verbs.contains(.edit) { methods["put"] = .object(edit) }
        if type.verbs.contains(.delete) { methods["delete"] = .object(delete) }
        return methods
    }

    private var retrieve: JSONObject {
        let found = Responses.document("The document.", schema: type.name)
        return operation(
            "get", "Read one.",
            [
                "parameters": Parameters.references("select", "pretty", "if-none-match"),
                "responses": Responses.with(["200": .object(found), "304": ["description": "Not changed."]]),
            ])
    }

    private var edit: JSONObject {
        var content: JSONObject = ["application/json": ["schema": OpenAPISchemas.reference(type.name + ".edit")]]
        content[JSONPatch.mediaType] = ["schema": OpenAPISchemas.reference("patch")]
        return operation(
            "edit", "Change attributes; those of the body take the place of the document's.",
            [
                "parameters": Parameters.references("remove", "if-match"), "requestBody": ["content": .object(content)],
                "responses": Responses.with(["200": .object(Responses.document("As it is now.", schema: type.name))]),
            ])
    }

    private var delete: JSONObject {
        let done = Responses.json("Deleted.", schema: "answer")
        return operation(
            "delete", "Delete it.",
            [
                "parameters": Parameters.references("if-match"),
                "responses": Responses.with(
                    ["200": .object(done), "202": .object(Responses.json("A job does it.", schema: "answer"))]),
            ])
    }

    // MARK: - Actions

    private func path(_ action: ResourceAction) -> JSONObject {
        var more: JSONObject = [
            "parameters": Parameters.references("idempotency-key"), "responses": Responses.with(Responses.action),
        ]
        if !action.input.isEmpty {
            let isRequired = action.input.contains { $0.traits.contains(.required) }
            more["requestBody"] = Self.body(Self.input(action), isRequired: isRequired)
        }
        let isStream = action.name == "stream" || action.name.hasPrefix("stream/")
        if isStream { more["responses"] = Self.stream }
        let done = operation(action.name, action.description ?? "The action \(action.name).", more)
        let method = action.name.hasPrefix("stream/") ? "get" : "post"
        return JSONObject([("parameters", Parameters.references("uuid")), (method, .object(done))])
    }

    private func bulkPath(_ action: ResourceAction) -> JSONObject {
        let answers: JSONObject = [
            "200": .object(Responses.json("How many.", schema: "bulk")),
            "202": .object(Responses.json("A job does it.", schema: "answer")),
        ]
        let patch = operation(
            action.name, action.description ?? "The bulk action \(action.name).",
            [
                "parameters": Parameters.references("bulk"), "requestBody": Self.body(Self.input(action)),
                "responses": Responses.with(answers),
            ])
        return ["patch": .object(patch)]
    }

    private static func input(_ action: ResourceAction) -> JSONValue {
        .object(Schema(action.input, openness: .open).jsonSchema)
    }

    private static func body(_ schema: JSONValue, isRequired: Bool = true) -> JSONValue {
        ["required": .bool(isRequired), "content": ["application/json": ["schema": schema]]]
    }

    private static let stream = Responses.with([
        "200": ["description": "Events.", "content": ["text/event-stream": ["schema": ["type": "string"]]]]
    ])

    // MARK: - What is no type

    static var fixed: JSONObject {
        let entryPoint = OpenAPIResponses.json("The entry point.", schema: "cloud-entry-point")
        let up = OpenAPIResponses.json("So it is.", ["type": "object"])
        let edit: JSONValue = [
            "type": "object",
            "properties": [
                "name": ["type": "string", "pattern": "\\S"], "description": ["type": "string"],
                "tags": ["type": "array", "items": ["type": "string"], "uniqueItems": true],
            ],
        ]
        return [
            "/api/cloud-entry-point": [
                "get": simple("entry-point.get", "The directory of collections.", ["200": .object(entryPoint)]),
                "put": .object(
                    [
                        "operationId": "entry-point.edit", "summary": "Name and describe this server.",
                        "requestBody": body(edit),
                        "responses": OpenAPIResponses.with(["200": .object(entryPoint)]),
                    ]),
            ],
            "/api/openapi.json": ["get": simple("openapi", "This document.", ["200": .object(up)])],
            "/health": ["get": simple("health", "Whether the server runs.", ["200": .object(up)])],
            "/ready": [
                "get": simple(
                    "ready", "Whether the server can work.", ["200": .object(up), "503": .object(up)])
            ],
        ]
    }

    private static func simple(_ id: String, _ summary: String, _ answers: JSONObject) -> JSONValue {
        var responses = OpenAPIResponses.with(answers).objectValue ?? [:]
        responses = responses.merging(answers)
        return ["operationId": .string(id), "summary": .string(summary), "responses": .object(responses)]
    }
}
