import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead events`
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened and by whom, the newest last.")

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.")
    var follow = false

    @Option(help: ArgumentHelp("Narrow it down, such as \"name='deployment.start'\".", valueName: "filter"))
    var filter: String?

    @Option(help: ArgumentHelp("From when on: 10m, 2h, or 2026-11-22T09:30:00Z.", valueName: "time"))
    var since: EventStart?

    @Option(name: [.customShort("n"), .long], help: "How many, at most.")
    var last = 50

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(last) else { throw ValidationError("--last must be from 1 to 10000.") }
        if follow, output.output == .yaml { throw ValidationError("With --follow give -o json, one event a line.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let start = since?.moment(at: connection.clock.now).map { "timestamp>='\($0)'" }
            let conditions = [filter.map { "(\($0))" }, start].compactMap { $0 }
            let query = ClientQuery(
                filter: conditions.isEmpty ? nil : conditions.joined(separator: " and "), orderBy: "timestamp:desc",
                last: last)
            let events = Array(try await connection.client.query("event", query).documents.reversed())
            guard follow else {
                connection.console.write(try Self.listing(events).lines(output))
                return
            }
            try await show(events, connection)
        }
    }

    /// Asks again every second: a server that restarts meanwhile is asked until it is back.
    private func show(_ events: [JSONObject], _ connection: Connection) async throws {
        var cursor = EventCursor(start: connection.clock.now)
        connection.console.write(cursor.fresh(events).map(line))
        while true {
            try await connection.clock.sleep(for: .seconds(1))
            let conditions = [filter.map { "(\($0))" }, cursor.condition].compactMap { $0 }
            let query = ClientQuery(
                filter: conditions.joined(separator: " and "), orderBy: "timestamp:asc", last: EventCursor.page)
            do throws(RoadsteadError) {
                let page = try await connection.client.query("event", query).documents
                connection.console.write(cursor.fresh(page).map(line))
            } catch {
                guard error.code == .unavailable || error.code == .timeout else { throw error }
            }
        }
    }

    private func line(_ event: JSONObject) -> String {
        if output.quiet { return event.text("id") }
        if output.output == .json { return JSONValue.object(event).text() }
        let mark = event["success"] == false ? "  FAILED" : ""
        let text = "\(event.text("timestamp"))  \(event.text("name"))\(mark)  \(event.text("description"))"
        return TerminalText.safe(text, keepingLines: false)
    }

    static func listing(_ events: [JSONObject]) -> Listing {
        Listing(
            documents: events,
            columns: [
                .init("TIME", key: "timestamp"), .init("EVENT") { $0["name"]?.stringValue ?? $0.text("category") },
                .init("BY") { $0["authn-info"]?["user-id"]?.stringValue ?? "" },
                .init("RESOURCE") { $0["content"]?["resource"]?["href"]?.stringValue ?? "" },
                .init("OK") { $0.text("success") }, .init("DESCRIPTION", key: "description"),
            ])
    }
}
