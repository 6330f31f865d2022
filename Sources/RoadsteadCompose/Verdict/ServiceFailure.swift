import RoadsteadBasics

/// Why a service does not do what the file says.
public struct ServiceFailure: Error, Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Its tasks keep ending.
        case crashLoop = "crash-loop"
        /// A task ended in failure, and the restart policy says that it is not started again.
        case exited
        case imageNotFound = "image-not-found"
        /// A node refused the task: a bind source that is not there, a wrong mount, a device.
        case rejected
        /// No node satisfies constraints, resources, platform or host ports.
        case noSuitableNode = "no-suitable-node"
        /// A job's task failed as often as it may.
        case jobFailed = "job-failed"
        /// The health check fails.
        case unhealthy
        /// The Swarm stopped the update half-way (`failure_action: pause`).
        case updatePaused = "update-paused"
        /// The Swarm went back to the previous spec (`failure_action: rollback`).
        case updateRolledBack = "update-rolled-back"
        /// It was not deployed, since a service that it depends on does not get there.
        case dependencyFailed = "dependency-failed"
        /// Somebody removed the service meanwhile.
        case removed
        /// Neither up nor clearly broken when the time was over.
        case timeout
    }

    /// The name in the file.
    public var service: String
    public var reason: Reason
    /// One sentence for people; names the service.
    public var message: String
    /// The engine's own words about the task, untruncated.
    public var taskError: String?
    public var exitCode: Int?
    /// Host name of the node where it happened, or its id.
    public var node: String?
    /// Whose log tells more; nil when no container ever ran.
    public var taskID: String?
    public var lastLogLines: [String]

    public init(
        service: String, reason: Reason, message: String, taskError: String? = nil, exitCode: Int? = nil,
        node: String? = nil, taskID: String? = nil, lastLogLines: [String] = []
    ) {
        self.service = service
        self.reason = reason
        self.message = message
        self.taskError = taskError
        self.exitCode = exitCode
        self.node = node
        self.taskID = taskID
        self.lastLogLines = lastLogLines
    }
}

extension ServiceFailure {
    public func json() -> JSONValue {
        var object: JSONObject = [
            "service": .string(service), "reason": .string(reason.rawValue), "message": .string(message),
        ]
        object["error"] = taskError.map(JSONValue.string)
        object["exit-code"] = exitCode.map { JSONValue($0) }
        object["node"] = node.map(JSONValue.string)
        object["task"] = taskID.map(JSONValue.string)
        if !lastLogLines.isEmpty { object["log"] = JSONValue(lastLogLines) }
        return .object(object)
    }

    /// For people: the message, then the cause and the last words of the container.
    public func lines() -> [String] {
        var details: [String] = []
        if let taskError { details.append("error: \(taskError)") }
        if let exitCode, exitCode != 0 { details.append("exit code: \(exitCode)") }
        if let node { details.append("node: \(node)") }
        return [message] + details.map { "  " + $0 } + lastLogLines.map { "  | " + $0 }
    }
}

extension ServiceFailure: CustomStringConvertible {
    public var description: String { lines().joined(separator: "\n") }
}
