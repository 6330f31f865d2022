import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app rm APP…`
struct AppRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove applications or one version; what was deployed from them goes on running.")

    @Argument(help: "Names, paths or ids.")
    var apps: [String]

    @Option(
        name: .customLong("version-number"),
        help: ArgumentHelp("Remove only this version of the application.", valueName: "number"))
    var number: Int?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if number != nil, apps.count != 1 { throw ValidationError("--version-number goes with one application.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            for app in apps {
                let id = try await ResourceLookup.applications(connection.client).id(app)
                if let number {
                    let version = ResourceID(type: id.type, identifier: "\(id.identifier)_\(number)")
                    try await connection.client.operation("delete-version", on: version)
                    connection.console.write("Removed version \(number) of \(app) (\(version)).")
                } else {
                    try await connection.client.delete(id)
                    connection.console.write("Removed \(app) (\(id)).")
                }
            }
        }
    }
}
