import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app ls`
struct AppList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List applications.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let query = ClientQuery(filter: "subtype!='project'", orderBy: "path:asc")
            let modules = try await connection.client.query("module", query).documents
            connection.console.write(try Self.listing(modules, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ modules: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: modules,
            columns: [
                .init("NAME", key: "name"), .init("PATH", key: "path"),
                .init("KIND") { $0["compatibility"]?.stringValue ?? $0.text("subtype") },
                .init("VERSIONS") { String($0["versions"]?.arrayValue?.count { !$0.isNull } ?? 0) },
                .init("UPDATED") { Age.text($0.text("updated"), now: now) + " ago" }, .init("ID", key: "id"),
            ])
    }
}
