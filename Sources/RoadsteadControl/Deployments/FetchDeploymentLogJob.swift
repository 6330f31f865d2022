import RoadsteadBasics
import RoadsteadJobs
import RoadsteadStore

/// `fetch_deployment_log`: reads the last lines of a deployment's services into its `resource-log` document, in the
/// place of those that were there.
public struct FetchDeploymentLogJob: JobHandler {
    public let action = "fetch_deployment_log"
    public let maximumAttempts = 1

    public init() {}

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let log = try await context.documents.get(context.target)
        guard let parent = log["parent"]?.stringValue.flatMap({ ResourceID($0) }) else {
            throw RoadsteadError(.invalidState, "\(log.id) belongs to no deployment")
        }
        let deployment = try await context.documents.get(parent)
        let engine = DeploymentEngine(store: context.documents, clock: context.clock, logger: context.logger)
        let moment = context.clock.now
        let lines = try await engine.withTarget(of: deployment) { target in
            try await Self.read(log, stack: DeploymentStack(deployment: deployment).name, target.engine)
        }
        try await context.write { transaction in
            _ = try transaction.modify(log.id) { body in
                body["log"] = .object(JSONObject(lines.map { ($0.component, JSONValue($0.lines)) }))
                body["last-timestamp"] = .string(moment.description)
            }
        }
        return .succeeded(message: "\(lines.reduce(0) { $0 + $1.lines.count }) lines")
    }

    private typealias Lines = (component: String, lines: [String])

    private static func read(_ log: StoredDocument, stack: String, _ engine: StackEngine) async throws -> [Lines] {
        var components = log["components"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if components.isEmpty { components = try await engine.services(stack: stack).map(\.key) }
        let count = Int(clamping: log["lines"]?.integerValue ?? 200)
        let since = log["since"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        return try await engine.concurrently(components, limit: 4) { component in
            (component, try await engine.lastLines(stack: stack, service: component, lines: count, since: since))
        }
    }
}
