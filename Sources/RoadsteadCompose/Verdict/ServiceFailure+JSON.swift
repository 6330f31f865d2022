import RoadsteadBasics

extension ServiceFailure {
    /// Reads what `json()` wrote; nil when it is something else.
    public init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue, let message = json["message"]?.stringValue,
            let reason = json["reason"]?.stringValue.flatMap(Reason.init)
        else { return nil }
        self.init(
            service: service, reason: reason, message: message, taskError: json["error"]?.stringValue,
            exitCode: json["exit-code"]?.integerValue.map { Int($0) }, node: json["node"]?.stringValue,
            taskID: json["task"]?.stringValue,
            lastLogLines: json["log"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    }

    /// Of a service that was not deployed because of another.
    public static func withheld(
        _ service: String, waitingFor dependency: ServiceDependency, because cause: ServiceFailure
    ) -> ServiceFailure {
        let condition =
            switch dependency.condition {
            case .started: "to start"
            case .healthy: "to be healthy"
            case .completed: "to complete"
            }
        let words = cause.reason.rawValue.replacing("-", with: " ")
        return ServiceFailure(
            service: service, reason: .dependencyFailed,
            message: "service \(service) was not deployed: it waits for \(dependency.key) \(condition), which failed "
                + "(\(words))")
    }
}
