import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead logs [SERVICE…]`
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the services of a deployment have logged, from all nodes in the order of time.",
        discussion: "Lines of tasks that died while the server watched are kept and shown too.")

    @Argument(help: "Services; all of them when absent.")
    var services: [String] = []

    @OptionGroup var deployment: DeploymentChoice
    @OptionGroup var lines: LogLines
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(nil, connection.client)
            try await lines.show(services, of: try found.requireID(), connection)
        }
    }
}

/// Which lines, and how they are shown.
struct LogLines: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Go on showing new lines until Ctrl-C, or until the deployment is stopped.")
    var follow = false

    @Option(
        name: [.customShort("n"), .customLong("tail"), .customLong("lines")],
        help: "How many lines of each task, at most.")
    var tail: Int?

    @Option(help: ArgumentHelp("Only lines since then: a timestamp, or an age such as 10m.", valueName: "time"))
    var since: String?

    @Flag(name: .shortAndLong, help: "Show the timestamp of each line.")
    var timestamps = false

    @Option(help: ArgumentHelp("Only this task: web.1 for all that this place has had, or an id.", valueName: "task"))
    var task: String?

    func validate() throws {
        if let tail, tail < 1 { throw ValidationError("--tail must be 1 or more.") }
    }

    func show(_ services: [String], of deployment: ResourceID, _ connection: Connection) async throws {
        let selection = LogSelection(
            services: services, task: task,
            since: try since.map { try Self.moment($0, now: connection.clock.now).description },
            tail: tail ?? (since == nil ? 100 : nil), follow: follow)
        let printer = LogPrinter(console: connection.console, hasTimestamps: timestamps)
        let follower = LogFollower(
            clock: connection.clock, open: { try await connection.client.logs(of: deployment, $0, onLine: $1) },
            tell: { connection.console.error($0) })
        try await follower.run(selection) { await printer.show($0) }
    }

    static func moment(_ text: String, now: Instant) throws(RoadsteadError) -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        if let span = TimeSpan(argument: text) { return now - span.duration }
        throw RoadsteadError(
            .invalidInput, "--since '\(text)' is neither a timestamp (2026-11-22T09:30:00Z) nor an age (10m)")
    }
}

/// Prints lines as they come, their origins in one column as wide as the widest so far.
actor LogPrinter {
    private let console: Console
    private let hasTimestamps: Bool
    private var width = 0

    init(console: Console, hasTimestamps: Bool) {
        (self.console, self.hasTimestamps) = (console, hasTimestamps)
    }

    func show(_ line: JSONObject) { console.write(text(line)) }

    /// `web.1@h2 | what it said`
    func text(_ line: JSONObject) -> String {
        let slot = line["slot"]?.integerValue.map { ".\($0)" } ?? ""
        let node = line.text("node").isEmpty ? "" : "@" + line.text("node")
        let origin = line.text("service") + slot + node
        width = max(width, origin.count)
        let padded = origin + String(repeating: " ", count: width - origin.count)
        let time = hasTimestamps && !line.text("time").isEmpty ? line.text("time") + " " : ""
        return TerminalText.safe("\(time)\(padded) | \(line.text("text"))", keepingLines: false)
    }
}
