import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment stop NAME…`
struct DeploymentStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop deployments: their services and networks are removed, volumes stay.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @Flag(name: .shortAndLong, help: "Do not wait until everything is gone.")
    var detach = false

    @Option(help: ArgumentHelp("How long to wait, such as 90s or 10m.", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let deployment = try await ResourceLookup.deployments(connection.client).get(name)
                let id = try deployment.requireID()
                let job = try await connection.client.operation("stop", on: id).requireJob()
                if !detach {
                    let follower = JobFollower(connection: connection, timeout: timeout?.duration)
                    try await follower.complete(job, title: "stop \(deployment.title)")
                }
                connection.console.write(
                    detach ? "\(deployment.title) is being stopped (\(job))." : "\(deployment.title) is stopped.")
            }
        }
    }
}
