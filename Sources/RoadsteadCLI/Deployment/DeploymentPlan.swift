import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment plan NAME`
struct DeploymentPlan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what an update of a deployment would change: what has drifted on the Swarm.")

    @Argument(help: "Name or id.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let id = try await ResourceLookup.deployments(connection.client).id(name)
            let plan = try await connection.client.operation("plan", on: id).body
            connection.console.write(try PlanScreen(output: output).lines(plan, connection.console.style))
        }
    }
}
