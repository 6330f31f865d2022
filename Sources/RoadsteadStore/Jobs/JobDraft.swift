import RoadsteadBasics

/// A durable piece of work to be queued. With `StoreTransaction.enqueue` it becomes a `job` document in Nuvla's shape.
public struct JobDraft: Sendable {
    /// Nuvla's priorities: 0 is first, 50 what a user asked for, 999 what happens on its own.
    public static let userPriority = 50
    public static let backgroundPriority = 999

    /// The wire name of what is to be done, such as `start_deployment`: it chooses the handler.
    public var action: String
    public var target: ResourceID
    /// Others that the work concerns; the target is added on its own.
    public var affected: [ResourceID] = []
    public var priority: Int = JobDraft.userPriority
    /// Read by the handler; shown to everyone who may see the job, so no secrets.
    public var payload: JSONValue?
    public var acl: JSONObject
    public var createdBy: String?
    public var executionMode: String = "push"
    /// Not started before this moment.
    public var notBefore: Instant?
    /// Refuse when an unfinished job with the same action and target exists.
    public var isUnique = true

    public init(action: String, target: ResourceID, acl: JSONObject, createdBy: String? = nil) {
        self.action = action
        self.target = target
        self.acl = acl
        self.createdBy = createdBy
    }

    /// Nuvla's version of the job protocol: executors refuse lower numbers and leave higher ones alone.
    static let version: Int64 = 2

    func body(now: Instant) -> JSONObject {
        let targets = [target] + affected.filter { $0 != target }
        var body: JSONObject = [
            "resource-type": "job", "action": .string(action), "state": "QUEUED", "progress": 0,
            "version": .integer(Self.version), "execution-mode": .string(executionMode),
            "target-resource": ["href": .string(target.description)],
            "affected-resources": .array(targets.map { ["href": .string($0.description)] }),
            "priority": JSONValue(priority), "acl": .object(acl),
        ]
        body["payload"] = payload.map { .string($0.text()) }
        body["created-by"] = createdBy.map(JSONValue.string)
        return body
    }
}
