import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead credential rm NAME…`
struct CredentialRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rm", abstract: "Remove credentials.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let id = try await ResourceLookup.credentials(connection.client).id(name)
                try await connection.client.delete(id)
                connection.console.write("Removed \(name) (\(id)).")
            }
        }
    }
}
