import RoadsteadBasics
import RoadsteadCompose

/// What `apply` has done: what `watch` must know, and small enough for a job's journal.
public struct AppliedStack: Hashable, Sendable {
    public var stack: String
    public var services: [ServiceExpectation]
    public var warnings: [String]

    public init(stack: String, services: [ServiceExpectation], warnings: [String] = []) {
        self.stack = stack
        self.services = services
        self.warnings = warnings
    }
}

extension AppliedStack {
    public func json() -> JSONValue {
        [
            "stack": .string(stack), "warnings": JSONValue(warnings),
            "services": .array(
                services.map {
                    ["key": .string($0.key), "id": .string($0.id), "change": .string($0.change.rawValue)]
                }),
        ]
    }

    /// nil when it is not what `json()` wrote.
    public init?(json: JSONValue) {
        guard let stack = json["stack"]?.stringValue, let rows = json["services"]?.arrayValue else { return nil }
        self.stack = stack
        services = []
        for row in rows {
            guard let key = row["key"]?.stringValue, let id = row["id"]?.stringValue,
                let change = row["change"]?.stringValue.flatMap(ServiceExpectation.Change.init)
            else { return nil }
            services.append(ServiceExpectation(key: key, id: id, change: change))
        }
        warnings = json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
