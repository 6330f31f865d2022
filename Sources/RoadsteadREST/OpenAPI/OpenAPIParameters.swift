import RoadsteadBasics

/// Parameters that several operations share.
enum OpenAPIParameters {
    static let components: JSONObject = [
        "uuid": .object(
            [
                "name": "uuid", "in": "path", "required": true, "description": "The id without its type.",
                "schema": ["type": "string", "pattern": "^[A-Za-z0-9._-]+$", "maxLength": 200],
            ]),
        "select": .object(query("select", "Attributes to show, separated by commas; the id always is.", .string)),
        "remove": .object(query("select", "Attributes to remove, unless the body has them.", .string)),
        "pretty": .object(query("pretty", "Answers with line breaks.", .string)),
        "filter": .object(query("filter", "Which resources, in the filter language.", .string)),
        "first": .object(query("first", "The first resource of the page, from 1.", .integer)),
        "last": .object(query("last", "The last resource of the page; 0 for the count alone.", .integer)),
        "orderby": .object(query("orderby", "Such as name:asc,created:desc.", .string)),
        "aggregation": .object(query("aggregation", "Such as terms:state,avg:size.", .string)),
        "if-match": .object(header("If-Match", "Only when the document still has this ETag; 412 otherwise.")),
        "if-none-match": .object(header("If-None-Match", "Only when the document has another ETag; 304 otherwise.")),
        "idempotency-key": .object(
            header("Idempotency-Key", "A name for this request; repeating it gets the same answer, for 24 hours.")),
        "bulk": .object(
            header("bulk", "Says that many resources are meant.").merging(["required": true])),
    ]

    private enum Kind: String { case string, integer }

    private static func query(_ name: String, _ description: String, _ kind: Kind) -> JSONObject {
        [
            "name": .string(name), "in": "query", "description": .string(description),
            "schema": ["type": .string(kind.rawValue)],
        ]
    }

    private static func header(_ name: String, _ description: String) -> JSONObject {
        ["name": .string(name), "in": "header", "description": .string(description), "schema": ["type": "string"]]
    }

    static func references(_ names: String...) -> JSONValue {
        .array(names.map { ["$ref": .string("#/components/parameters/" + $0)] })
    }
}
