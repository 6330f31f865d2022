import RoadsteadBasics

/// The answer to an add, a delete or an action: `{status, message, resource-id, location}`, plus what the type adds.
public struct ActionAnswer: Sendable {
    public var body: JSONObject

    public init(_ body: JSONObject) { self.body = body }

    public var message: String { body["message"]?.stringValue ?? "" }

    public var resourceID: ResourceID? { body["resource-id"]?.stringValue.flatMap { ResourceID($0) } }

    /// The job that an asynchronous action made (status 202).
    public var job: ResourceID? {
        let id = body["location"]?.stringValue.flatMap { ResourceID($0) }
        return id?.type == "job" ? id : nil
    }
}
