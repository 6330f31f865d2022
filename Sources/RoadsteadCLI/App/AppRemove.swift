import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app rm APP…`
struct AppRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove applications; what was deployed from them goes on running.")

    @Argument(help: "Names, paths or ids.")
    var apps: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for app in apps {
                let id = try await ResourceLookup.applications(connection.client).id(app)
                try await connection.client.delete(id)
                connection.console.write("Removed \(app) (\(id)).")
            }
        }
    }
}
