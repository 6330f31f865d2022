import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead key rm KEY…`
struct KeyRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Revoke API keys: their sessions end at once.")

    @Argument(help: "Names or ids.")
    var keys: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for key in keys {
                let id = try await ResourceLookup.keys(connection.client).id(key)
                try await connection.client.delete(id)
                connection.console.write("Removed \(key) (\(id)).")
            }
        }
    }
}

extension ResourceLookup {
    static func keys(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(
            client: client, type: "credential", noun: "key", condition: "subtype='api-key'")
    }
}
