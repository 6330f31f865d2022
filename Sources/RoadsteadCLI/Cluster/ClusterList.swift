import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster ls`
struct ClusterList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List clusters.")

    @Flag(name: .shortAndLong, help: "Also those that are terminated.")
    var all = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let query = ClientQuery(filter: all ? nil : "state!='TERMINATED'", orderBy: "name:asc")
            let clusters = try await connection.client.query("cluster", query).documents
            connection.console.write(try Self.listing(clusters, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ clusters: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: clusters,
            columns: [
                .init("NAME", key: "name"), .init("STATE", key: "state"),
                .init("DRIVER") { $0.specification.text("driver") },
                .init("MANAGERS") { count("managers", $0) }, .init("WORKERS") { count("workers", $0) },
                .init("UPDATED") { Age.text($0.text("updated"), now: now) + " ago" }, .init("ID", key: "id"),
                .init("MESSAGE") { TerminalText.cut($0.text("state-message"), to: 60) },
            ])
    }

    /// As the specification means it, which may leave it to be counted.
    private static func count(_ key: String, _ cluster: JSONObject) -> String {
        let specification = try? ClusterDocument.specification(cluster.specification)
        return specification?.json.text(key) ?? cluster.specification.text(key)
    }
}
