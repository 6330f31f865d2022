import RoadsteadBasics

/// The body of an answer that tells of a failure.
public struct ErrorAnswer: Sendable, Hashable {
    public var status: Int
    public var message: String
    public var resourceID: String?
    /// Ours: the closed error code, for programs that want more than a status.
    public var code: String?

    public init(status: Int, message: String, resourceID: String? = nil, code: String? = nil) {
        self.status = status
        self.message = message
        self.resourceID = resourceID
        self.code = code
    }

    /// Statuses that say more than the error's code, by the fact in its context that asks for them: a refused verb, a
    /// key under a namespace that is not registered, a precondition that failed, an idempotency key used again for
    /// something else.
    private static let finer = ["verb": 405, "not-acceptable": 406, "precondition": 412, "idempotency-key": 422]

    public init(_ error: RoadsteadError) {
        let finer = Self.finer.first { error.context[$0.key] != nil }?.value
        self.init(
            status: finer ?? error.code.httpStatus, message: error.message, resourceID: error.context["resource-id"],
            code: error.code.rawValue)
    }

    public var json: JSONObject {
        var object: JSONObject = ["status": JSONValue(status), "message": .string(message)]
        object["resource-id"] = resourceID.map(JSONValue.string)
        object["code"] = code.map(JSONValue.string)
        return object
    }
}

extension RoadsteadError.Code {
    /// The one table from code to HTTP status. 401 is never produced: the dialect answers 403 to strangers too.
    public var httpStatus: Int {
        switch self {
        case .invalidInput: 400
        case .unauthenticated, .forbidden: 403
        case .notFound: 404
        case .conflict, .invalidState: 409
        case .limitExceeded: 429
        case .unavailable: 503
        case .timeout: 504
        case .cancelled: 499
        case .unsupported: 501
        case .internal: 500
        }
    }
}
