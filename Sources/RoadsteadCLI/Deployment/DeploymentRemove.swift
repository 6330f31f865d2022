import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment rm NAME…`
struct DeploymentRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove deployments that are stopped, or stop them first.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @Flag(help: "Stop those that run, then remove them.")
    var stop = false

    @Flag(help: "Forget them in any state; what runs there goes on running.")
    var force = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if stop, force { throw ValidationError("Give --stop or --force, not both.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names { try await remove(name, connection) }
        }
    }

    private func remove(_ name: String, _ connection: Connection) async throws {
        let client = connection.client
        let deployment = try await ResourceLookup.deployments(client).get(name)
        let id = try deployment.requireID()
        if force {
            try await client.operation("force-delete", on: id)
        } else {
            if !["CREATED", "STOPPED"].contains(deployment.text("state")) { try await end(deployment, connection) }
            try await client.delete(id)
        }
        connection.console.write("Removed \(deployment.title) (\(id)).")
    }

    private func end(_ deployment: JSONObject, _ connection: Connection) async throws {
        guard stop else {
            throw RoadsteadError(
                .invalidState,
                "'\(deployment.title)' is \(deployment.text("state")): stop it by `roadstead deployment stop`, or add --stop"
            )
        }
        let job = try await connection.client.operation("stop", on: try deployment.requireID()).requireJob()
        try await JobFollower(connection: connection).complete(job, title: "stop \(deployment.title)")
    }
}
