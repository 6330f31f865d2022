import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment stop NAME…`
struct DeploymentStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop deployments: their services and networks are removed, volumes stay.",
        discussion:
            "With --volumes and --images these go, too, from every node that the server can reach; what stays is told.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @Flag(help: "Remove their volumes, with the data.")
    var volumes = false

    @Flag(help: "Remove their images from the nodes.")
    var images = false

    @Flag(name: .shortAndLong, help: "Do not wait until everything is gone.")
    var detach = false

    @Option(help: ArgumentHelp("How long to wait, such as 90s or 10m.", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup var connection: ConnectionOptions

    /// Only what was asked for.
    var body: JSONObject {
        var body = JSONObject()
        if volumes { body["remove-volumes"] = true }
        if images { body["remove-images"] = true }
        return body
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let deployment = try await ResourceLookup.deployments(connection.client).get(name)
                let id = try deployment.requireID()
                let job = try await connection.client.operation("stop", on: id, body).requireJob()
                guard !detach else {
                    connection.console.write("\(deployment.title) is being stopped (\(job)).")
                    continue
                }
                let follower = JobFollower(connection: connection, timeout: timeout?.duration)
                let ended = try await follower.complete(job, title: "stop \(deployment.title)")
                connection.console.write("\(deployment.title) is stopped.")
                // What has gone, and what stays on which node.
                if volumes || images { connection.console.write(ended.text("status-message")) }
            }
        }
    }
}
