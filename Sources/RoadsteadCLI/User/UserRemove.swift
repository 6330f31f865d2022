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
        try await Removal.run(names, connection) { client, name throws(RoadsteadError) in
            try await UserLookup(client: client).get(name)
        }
    }
}
