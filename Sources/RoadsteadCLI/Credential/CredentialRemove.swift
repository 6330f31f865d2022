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
        try await Removal.run(names, connection) { client, name throws(RoadsteadError) in
            try await ResourceLookup.credentials(client).id(name)
        }
    }
}
