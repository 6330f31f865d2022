import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead top [NAME]`
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show CPU, memory and network of a deployment's tasks as they are, until Ctrl-C.",
        discussion: "Where standard output is no terminal, and with --once, one table is printed.")

    @OptionGroup var deployment: NamedDeployment

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this service; may be repeated.", valueName: "service"))
    var service: [String] = []

    @Flag(help: "Print one table and end.")
    var once = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let id = try await deployment.find(connection.client).requireID()
            let board = TopBoard(console: connection.console)
            let isOnce = once || !connection.console.canRedraw
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await connection.client.stats(of: id, services: service) { name, figures in
                        await board.take(name, figures)
                    }
                }
                group.addTask {
                    // Figures of a task are differences: the second ones say something.
                    try await connection.clock.sleep(for: .seconds(isOnce ? 3 : 1))
                    while !isOnce {
                        await board.draw()
                        try await connection.clock.sleep(for: .seconds(1))
                    }
                }
                try await group.next()
                group.cancelAll()
            }
            if isOnce { await board.print() }
        }
    }
}

/// The newest figures of each task.
actor TopBoard {
    private let console: Console
    private var figures: [String: JSONObject] = [:]
    private var unreachable: [String: String] = [:]
    private var drawnLines = 0

    init(console: Console) { self.console = console }

    func take(_ event: String, _ data: JSONObject) {
        switch event {
        case "stats":
            figures[data.text("task")] = data
            // A node that was out of reach is back.
            unreachable[data.text("node")] = nil
        case "unreachable": unreachable[data.text("node")] = data.text("message")
        case "ended": figures[data.text("task")] = nil
        default: break
        }
    }

    func print() { console.write(lines()) }

    func draw() {
        let lines = lines().map { TerminalText.cut($0, to: console.width) }
        let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)F" : ""
        console.writeRaw(up + "\u{1B}[J" + lines.map { $0 + "\n" }.joined())
        drawnLines = lines.count
    }

    func lines() -> [String] {
        let rows = figures.values.map(Self.row).sorted { $0[0] < $1[0] }
        let notes = unreachable.sorted { $0.key < $1.key }.map {
            TerminalText.safe("\($0.key): \($0.value)", keepingLines: false)
        }
        return Table(["TASK", "NODE", "CPU", "MEMORY", "LIMIT", "RECEIVED", "SENT"], rows).lines() + notes
    }

    private static func row(_ figures: JSONObject) -> [String] {
        let slot = figures["slot"]?.integerValue.map { ".\($0)" } ?? ""
        let cpu = figures["cpu-percent"]?.doubleValue.map { tenths($0) + "%" } ?? ""
        let sizes = ["memory", "memory-limit", "received", "sent"].map { key in
            figures[key]?.integerValue.map(size) ?? ""
        }
        return [figures.text("service") + slot, figures.text("node"), cpu] + sizes
    }

    /// `512 B`, `17.3 MiB`.
    static func size(_ bytes: Int64) -> String {
        var (value, unit) = (Double(bytes), 0)
        while value >= 1024, unit < 4 { (value, unit) = (value / 1024, unit + 1) }
        return "\(unit == 0 ? String(bytes) : tenths(value)) \(["B", "KiB", "MiB", "GiB", "TiB"][unit])"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((max(0, value) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
