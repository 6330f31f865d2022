import RoadsteadBasics

/// One call of Exoscale's API before it is signed.
///
/// Source: Exoscale's OpenAPI document, API version 2.0.0; `operation` is the document's `operationId`, which is also what
/// a role of an API key allows.
struct ExoscaleCall: Sendable {
    enum Intent: Sendable { case reading, making, changing, removing }

    let operation: String
    let intent: Intent
    let method: String
    /// Behind the API's prefix, encoded.
    let path: String
    /// What people know by it: `machine 'prod-1'`.
    let subject: String
    var query: [(name: String, value: String)] = []
    var body: JSONValue?
    var isSigned = true

    var isChange: Bool { intent != .reading }

    static func read(
        _ operation: String, _ path: String, of subject: String = "", query: [(name: String, value: String)] = []
    ) -> ExoscaleCall {
        ExoscaleCall(
            operation: operation, intent: .reading, method: "GET", path: path, subject: subject, query: query)
    }

    static func make(_ operation: String, _ path: String, of subject: String, _ body: JSONObject) -> ExoscaleCall {
        ExoscaleCall(
            operation: operation, intent: .making, method: "POST", path: path, subject: subject, body: .object(body))
    }

    static func change(
        _ operation: String, _ path: String, of subject: String, _ body: JSONObject? = nil, method: String = "PUT"
    ) -> ExoscaleCall {
        ExoscaleCall(
            operation: operation, intent: .changing, method: method, path: path, subject: subject,
            body: body.map(JSONValue.object))
    }

    static func remove(_ operation: String, _ path: String, of subject: String) -> ExoscaleCall {
        ExoscaleCall(operation: operation, intent: .removing, method: "DELETE", path: path, subject: subject)
    }

    /// `create-instance of machine 'prod-1'`.
    var words: String { subject.isEmpty ? operation : "\(operation) of \(subject)" }
}
