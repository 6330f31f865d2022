import RoadsteadBasics
import RoadsteadModel

/// Answers that several operations share.
enum OpenAPIResponses {
    private static let errors: [(status: String, description: String)] = [
        ("400", "The request is not right; the message says where."), ("403", "Not allowed."),
        ("404", "There is no such resource or action."), ("405", "The type does not have this verb."),
        ("406", "A key under a namespace that is not registered, or a stream as text that has none."),
        ("409", "In conflict with what there is."),
        ("412", "The document has another revision."), ("413", "The body is too large."),
        ("414", "The URI is too long."), ("415", "This kind of body is not taken here."),
        ("422", "The idempotency key was used for another request."), ("429", "Too many of something; try later."),
        ("431", "The headers are too large."), ("501", "Not supported."), ("503", "Not available now."),
        ("504", "It took too long."),
    ]

    static var components: JSONObject {
        JSONObject(
            errors.map { error in
                ("e" + error.status, .object(json(error.description, schema: "error")))
            })
    }

    /// Every failure that can happen to a request beside the given answers.
    static func with(_ answers: JSONObject) -> JSONValue {
        let failures = errors.map { error in
            (error.status, JSONValue.object(["$ref": .string("#/components/responses/e" + error.status)]))
        }
        return .object(answers.merging(JSONObject(failures)))
    }

    static func json(_ description: String, schema: String) -> JSONObject {
        json(description, OpenAPISchemas.reference(schema))
    }

    static func json(_ description: String, _ schema: JSONValue) -> JSONObject {
        ["description": .string(description), "content": ["application/json": ["schema": schema]]]
    }

    /// A document with its tag.
    static func document(_ description: String, schema: String) -> JSONObject {
        json(description, schema: schema).merging(["headers": .object(tagged)])
    }

    /// The answer to an add.
    static var created: JSONObject {
        json("Made; `resource-id` is its id.", schema: "answer").merging(["headers": .object(tagged.merging(located))])
    }

    private static let tagged: JSONObject = ["ETag": ["schema": ["type": "string"]]]
    private static let located: JSONObject = ["Location": ["schema": ["type": "string"]]]

    /// What an action may answer: a message, a job, a new resource, or data.
    static var action: JSONObject {
        [
            "200": .object(json("Done; what comes back is a matter of the action.", [:])),
            "201": .object(json("Something has been made.", schema: "answer")),
            "202": .object(json("A job does it; `location` is its id.", schema: "answer")),
            "303": ["description": "Go on at Location."],
        ]
    }
}
