import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// The description of this API in OpenAPI 3.1, made from the very types that requests are checked against.
struct OpenAPIDocument {
    let types: [ResourceType]

    var json: JSONObject {
        var paths = OpenAPIPaths.fixed
        var schemas = OpenAPISchemas.common
        for type in types {
            paths = paths.merging(OpenAPIPaths(type: type).json)
            schemas = schemas.merging(OpenAPISchemas(type: type).json)
        }
        return [
            "openapi": "3.1.0", "info": .object(info), "servers": [["url": "/"]],
            "tags": .array(types.map { type in ["name": .string(type.name)] }), "paths": .object(paths),
            "components": [
                "schemas": .object(schemas), "responses": .object(OpenAPIResponses.components),
                "parameters": .object(OpenAPIParameters.components),
                "securitySchemes": [
                    "session": ["type": "apiKey", "in": "cookie", "name": .string(Authenticator.cookieName)]
                ],
            ],
            "security": [["session": []], [:]],
        ]
    }

    private var info: JSONObject {
        [
            "title": "Roadstead", "version": "1",
            "description": """
            Resources are JSON documents with an access list. All types have the same routes; see \
            `/api/cloud-entry-point` for the collections, and log in with `POST /api/session`.
            """,
            "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
        ]
    }
}
