import RoadsteadBasics

extension StackVerdict {
    /// `{"outcome", "message", "services": […], "failures": […], "warnings": […]}`: a job's `verdict`.
    public func json() -> JSONValue {
        [
            "outcome": .string(outcomeName), "message": .string(message),
            "services": .array(services.map { $0.json() }), "failures": .array(failures.map { $0.json() }),
            "warnings": JSONValue(notes),
        ]
    }

    /// `converging`, `succeeded`, `failed`, or where all that failed did so in one way, `rolled-back` (by the Swarm) or
    /// `timed-out`.
    public var outcomeName: String {
        switch outcome {
        case .converging: "converging"
        case .succeeded: "succeeded"
        case .failed(let failures) where failures.allSatisfy({ $0.reason == .updateRolledBack }): "rolled-back"
        case .failed(let failures) where failures.allSatisfy({ $0.reason == .timeout }): "timed-out"
        case .failed: "failed"
        }
    }

    /// One line for people.
    public var message: String {
        let done = services.count { $0.state == .succeeded }
        switch outcome {
        case .converging: return "\(done) of \(services.count) services are up"
        case .succeeded where services.isEmpty: return "nothing to run"
        case .succeeded: return services.count == 1 ? "the service is up" : "all \(services.count) services are up"
        case .failed(let failures):
            return failures.map { failure in
                failure.message + (failure.taskError.map { " (\($0))" } ?? "")
            }.joined(separator: "; ")
        }
    }

    /// Between 0 and 1: the share of tasks that are as they should be.
    public var fraction: Double {
        let desired = services.reduce(0) { $0 + max(1, $1.desired) }
        guard desired > 0 else { return 1 }
        let reached = services.reduce(0) { sum, service in
            let there = service.state == .succeeded ? max(1, service.desired) : service.running + service.completed
            return sum + min(there, max(1, service.desired))
        }
        return Double(reached) / Double(desired)
    }
}
