import RoadsteadBasics
import RoadsteadCompose

/// What `apply` has done: what `watch` must know, and small enough for a job's journal.
public struct AppliedStack: Hashable, Sendable {
    public var stack: String
    public var services: [ServiceExpectation]
    public var warnings: [String]
    /// Of dependencies that did not get there, and of the services that were not deployed therefore.
    public var failures: [ServiceFailure]

    public init(
        stack: String, services: [ServiceExpectation], warnings: [String] = [], failures: [ServiceFailure] = []
    ) {
        self.stack = stack
        self.services = services
        self.warnings = warnings
        self.failures = failures
    }
}

extension AppliedStack {
    public func json() -> JSONValue {
        [
            "stack": .string(stack), "warnings": JSONValue(warnings),
            "services": .array(
                services.map {
                    ["key": .string($0.key), "id": .string($0.id), "change": .string($0.change.rawValue)]
                }), "failures": .array(failures.map { $0.json() }),
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
        failures = json["failures"]?.arrayValue?.compactMap { ServiceFailure(json: $0) } ?? []
        warnings = json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
