import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead group rm GROUP…`
struct GroupRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove groups without subgroups; what was shared with them is no longer.")

    @Argument(help: "Identifiers, ids or names.")
    var groups: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Removal.run(groups, connection) { client, name throws(RoadsteadError) in
            try await GroupLookup(client: client).get(name)
        }
    }
}
