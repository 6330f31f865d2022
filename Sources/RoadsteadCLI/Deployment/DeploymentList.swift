import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment ls`
struct DeploymentList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List deployments.")

    @Option(help: ArgumentHelp("Only those in this state, such as STARTED or ERROR.", valueName: "state"))
    var state: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let filter = try state.map { state throws(RoadsteadError) in
                "state=" + (try FilterText.quoted(state.uppercased()))
            }
            let query = ClientQuery(filter: filter, orderBy: "created:asc")
            let deployments = try await connection.client.query("deployment", query).documents
            connection.console.write(try Self.listing(deployments, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ deployments: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: deployments,
            columns: [
                .init("NAME", key: "name"),
                .init("APP") { $0["module"]?["path"]?.stringValue ?? "" },
                .init("INFRA") { $0["infrastructure-service-name"]?.stringValue ?? $0.text("infrastructure-service") },
                .init("STATE", key: "state"), .init("HEALTH", key: "health"),
                .init("UPDATED") { Age.text($0.text("updated"), now: now) + " ago" }, .init("ID", key: "id"),
            ])
    }
}
