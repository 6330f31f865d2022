import RoadsteadBasics
import RoadsteadJobs
import RoadsteadStore

/// `fetch_deployment_log`: reads the lines of a deployment's services that are new since the last fetch into its
/// `resource-log` document, in the place of those that were there: clients gather them.
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
        let page = LogPage(log)
        let found = try await engine.withTarget(of: deployment) { target in
            try await Self.read(page, stack: DeploymentStack(deployment: deployment).name, target.engine)
        }
        let lines = found.lines.map { (key: $0.component, value: page.new($0.lines)) }
        try await context.write { transaction in
            _ = try transaction.modify(log.id) { body in
                body["log"] = .object(JSONObject(lines.map { ($0.key, JSONValue($0.value)) }))
                if let newest = page.newest(of: lines.flatMap(\.value)) {
                    body["last-timestamp"] = .string(newest.description)
                }
            }
        }
        let missing = found.missing.map { "; there is no service \($0) now" }.joined()
        return .succeeded(message: "\(lines.reduce(0) { $0 + $1.value.count }) lines\(missing)")
    }

    private typealias Lines = (component: String, lines: [String])

    /// A component that is not there has no lines, and does not cost those of the others.
    private static func read(
        _ page: LogPage, stack: String, _ engine: StackEngine
    ) async throws -> (lines: [Lines], missing: [String]) {
        let there = try await engine.services(stack: stack).map(\.key)
        let wanted = page.components.isEmpty ? there : page.components
        let lines = try await engine.concurrently(wanted.filter(there.contains), limit: 4) { component in
            (
                component,
                try await engine.lastLines(stack: stack, service: component, lines: page.count, since: page.since)
            )
        }
        let missing = wanted.filter { !there.contains($0) }
        return (lines + missing.map { ($0, []) }, missing)
    }
}

/// What one fetch of a log is asked for, by its document. Pure.
struct LogPage {
    let components: [String]
    /// The last so many lines of each component.
    let count: Int
    let since: Instant?
    private let last: Instant?

    init(_ log: StoredDocument) { self.init(log.body) }

    init(_ log: JSONObject) {
        components = log["components"]?.arrayValue?.compactMap(\.stringValue) ?? []
        count = Int(clamping: log["lines"]?.integerValue ?? 200)
        last = log["last-timestamp"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        since = last ?? log["since"]?.stringValue.flatMap { Instant(rfc3339: $0) }
    }

    /// The engine gives the lines of the last moment once more.
    func new(_ lines: [String]) -> [String] {
        guard let last else { return lines }
        return lines.filter { line in Self.moment(line).map { $0 > last } ?? true }
    }

    /// The stamp of the newest line; nil when there is none, and the last one stays.
    func newest(of lines: [String]) -> Instant? { lines.compactMap(Self.moment).max() }

    private static func moment(_ line: String) -> Instant? {
        line.firstIndex(of: " ").flatMap { Instant(rfc3339: String(line[..<$0])) }
    }
}
