import RoadsteadBasics

/// What a request other than a read is answered with: `{status, message, resource-id, location, …}`.
public struct OperationAnswer: Sendable, Hashable {
    public var status: Int
    public var message: String
    public var resourceID: String?
    /// The job that does the work, or where to go next. Clients read it from the body.
    public var location: String?
    /// Members beyond the common ones, such as the secret of a new API key, shown this once.
    public var extras: JSONObject

    public init(
        status: Int, message: String, resourceID: String? = nil, location: String? = nil, extras: JSONObject = [:]
    ) {
        self.status = status
        self.message = message
        self.resourceID = resourceID
        self.location = location
        self.extras = extras
    }

    public static func created(_ id: String, extras: JSONObject = [:]) -> OperationAnswer {
        OperationAnswer(status: 201, message: "\(id) created", resourceID: id, extras: extras)
    }

    public static func deleted(_ id: String) -> OperationAnswer {
        OperationAnswer(status: 200, message: "\(id) deleted", resourceID: id)
    }

    /// A job has been made: `what` is its action.
    public static func accepted(_ what: String, _ id: String, job: String) -> OperationAnswer {
        OperationAnswer(
            status: 202, message: "\(what) \(id) with async \(job)", resourceID: id, location: job)
    }

    public var json: JSONObject {
        var object: JSONObject = ["status": JSONValue(status), "message": .string(message)]
        object["resource-id"] = resourceID.map(JSONValue.string)
        object["location"] = location.map(JSONValue.string)
        return object.merging(extras)
    }
}
