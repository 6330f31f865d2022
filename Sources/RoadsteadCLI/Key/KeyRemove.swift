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
        try await Removal.run(keys, connection) { client, name throws(RoadsteadError) in
            try await ResourceLookup.keys(client).id(name)
        }
    }
}

extension ResourceLookup {
    static func keys(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(
            client: client, type: "credential", noun: "key", condition: "subtype='api-key'")
    }
}
