import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead user rm NAME…`
struct UserRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove accounts with their logins, keys and sessions; what they own stays.")

    @Argument(help: "Login names, e-mail addresses or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let id = try await UserLookup(client: connection.client).get(name)
                try await connection.client.delete(id)
                connection.console.write("Removed the user \(name) (\(id)).")
            }
        }
    }
}
