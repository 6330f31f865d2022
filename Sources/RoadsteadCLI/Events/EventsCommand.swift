import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import Synchronization

/// `roadstead events`
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened and by whom, the newest last.")

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.")
    var follow = false

    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("Of one deployment or cluster by its name, or of anything by its id.", valueName: "name"))
    var resource: String?

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
            let own = try await condition(connection.client)
            let conditions = [own, start].compactMap { $0 }
            let query = ClientQuery(
                filter: conditions.isEmpty ? nil : conditions.joined(separator: " and "), orderBy: "timestamp:desc",
                last: last)
            guard follow else {
                connection.console.write(try Self.listing(try await past(query, connection)).lines(output))
                return
            }
            // The past is asked for when the stream is open, so that nothing falls between; what is in both is shown once.
            let cursor = Mutex(EventCursor())
            let show = { @Sendable (events: [JSONObject]) in
                connection.console.write(cursor.withLock { $0.fresh(events) }.map(line))
            }
            try await connection.client.follow(
                "event", filter: own, onOpen: { show(try await past(query, connection)) },
                onDocument: { show([$0]) })
        }
    }

    /// What was asked to be shown, whenever it happened; nil for everything.
    private func condition(_ client: APIClient) async throws -> String? {
        guard let resource else { return Self.condition(filter, of: nil) }
        return Self.condition(filter, of: try await Self.id(resource, client))
    }

    static func condition(_ filter: String?, of resource: ResourceID?) -> String? {
        let conditions = [filter.map { "(\($0))" }, resource.map { "content/resource/href='\($0)'" }].compactMap { $0 }
        return conditions.isEmpty ? nil : conditions.joined(separator: " and ")
    }

    /// An id may be that of something which is gone: its events are still there.
    private static func id(_ text: String, _ client: APIClient) async throws(RoadsteadError) -> ResourceID {
        if text.contains("/"), let id = ResourceID(text) { return id }
        let deployments = ResourceLookup.deployments(client)
        if let found = try await deployments.find(text) { return try found.requireID() }
        if let found = try await ResourceLookup.clusters(client).findIfKnown(text) { return try found.requireID() }
        return try await deployments.id(text)
    }

    /// The newest last.
    private func past(_ query: ClientQuery, _ connection: Connection) async throws(RoadsteadError) -> [JSONObject] {
        try await connection.client.query("event", query).documents.reversed()
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
