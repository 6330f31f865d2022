import RoadsteadBasics

/// How a service stands, by the checks of its credentials.
enum InfrastructureState {
    /// The worst of them: one that fails is what somebody must look at.
    static func badge(_ credentials: [JSONObject]) -> Badge {
        let states = credentials.map { badge(of: $0) }
        for label in ["Refused", "Not reachable", "Checking"] {
            if let badge = states.first(where: { $0.label == label }) { return badge }
        }
        return states.first { $0.label == "Works" } ?? Badge("Not checked", .quiet)
    }

    static func badge(of credential: JSONObject) -> Badge {
        switch credential["status"]?.stringValue {
        case "VALID": Badge("Works", .good)
        case "INVALID": Badge("Refused", .bad)
        case "UNKNOWN" where credential["last-check"] != nil: Badge("Not reachable", .bad)
        default: credential["last-check"] == nil ? Badge("Not checked", .quiet) : Badge("Not reachable", .bad)
        }
    }
}
