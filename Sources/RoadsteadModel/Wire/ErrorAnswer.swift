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

    /// A refused verb (`context["verb"]`) is 405, whatever else is unsupported 501.
    public init(_ error: RoadsteadError) {
        self.init(
            status: error.context["verb"] == nil ? error.code.httpStatus : 405, message: error.message,
            resourceID: error.context["resource-id"],
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
