import ArgumentParser
import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// `roadstead stack logs STACK [SERVICE…]`
struct StackLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what the tasks of a stack's services have written.")

    @Argument(help: "The stack's name.")
    var stack: String

    @Argument(help: "Services; all when absent.")
    var services: [String] = []

    @Flag(name: .shortAndLong, help: "Go on showing new lines until Ctrl-C.")
    var follow = false

    @Option(name: [.customShort("n"), .long], help: "The last lines of each task.")
    var tail = 100

    @Option(help: ArgumentHelp("Only lines since then: a timestamp, or an age such as 10m.", valueName: "time"))
    var since: String?

    @Flag(name: .shortAndLong, help: "Show the timestamp of each line.")
    var timestamps = false

    @OptionGroup var engine: EngineOptionGroup

    func run() async throws {
        let moment = try since.map { try LogLines.moment($0, now: SystemClock().now) }
        let options = LogOptions(follow: follow, since: moment, tail: max(0, tail))
        try await engine.withEngine { client, engine in
            let names = services.isEmpty ? try await engine.services(stack: stack).map(\.key) : services
            guard !names.isEmpty else { throw RoadsteadError(.notFound, "there is no stack '\(stack)' on this Swarm") }
            let places = try await Self.places(client, stack)
            let log = StackLogText(hasTimestamps: timestamps, places: places)
            try await withThrowingTaskGroup(of: [StackLogText.Line].self) { group in
                for name in names {
                    group.addTask { try await read(name, engine, options, log) }
                }
                var lines: [StackLogText.Line] = []
                for try await part in group { lines += part }
                Console.standard.write(StackLogText.merged(lines))
            }
        }
    }

    /// Followed, lines are shown as they come, and none is returned.
    private func read(
        _ service: String, _ engine: StackEngine, _ options: LogOptions, _ log: StackLogText
    ) async throws -> [StackLogText.Line] {
        var lines: [StackLogText.Line] = []
        for try await entry in try await engine.logs(stack: stack, service: service, options: options) {
            let line = log.line(entry, service: service)
            if options.follow { Console.standard.write(line.text) } else { lines.append(line) }
        }
        return lines
    }

    /// `web.2` by the id of a task.
    private static func places(_ client: EngineClient, _ stack: String) async throws -> [String: String] {
        let tasks = try await client.tasks(["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]])
        return Dictionary(
            tasks.map { ($0.id, $0.slot.flatMap { $0 > 0 ? String($0) : nil } ?? String(($0.nodeID ?? "").prefix(6))) },
            uniquingKeysWith: { $1 })
    }
}

/// Lines of several tasks as one text.
struct StackLogText: Sendable {
    struct Line: Hashable, Sendable {
        var at: Int64
        var text: String
    }

    let hasTimestamps: Bool
    /// Slot or node by the id of a task.
    let places: [String: String]

    func line(_ entry: LogEntry, service: String) -> Line {
        let place = entry.taskID.flatMap { places[$0] }.map { "." + $0 } ?? ""
        let time = hasTimestamps ? entry.timestamp.map { "\($0) " } ?? "" : ""
        let text = TerminalText.safe(entry.text, keepingLines: false)
        return Line(at: entry.timestamp?.millisecondsSinceEpoch ?? 0, text: "\(time)\(service)\(place) | \(text)")
    }

    /// By time; lines of one moment stay in the order of their task.
    static func merged(_ lines: [Line]) -> [String] {
        lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.text)
    }
}
