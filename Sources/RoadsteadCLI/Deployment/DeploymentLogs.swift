import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment logs NAME`
struct DeploymentLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what the services of a deployment have logged.")

    @Argument(help: "Name or id of the deployment.")
    var name: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A service; may be repeated. All services when absent.", valueName: "service"))
    var service: [String] = []

    @OptionGroup var lines: LogLines
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let id = try await ResourceLookup.deployments(connection.client).id(name)
            try await lines.show(service, of: id, connection)
        }
    }
}
