import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead cluster rm NAME…`
struct ClusterRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forget clusters of which nothing is left; see `cluster terminate`.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Removal.run(names, connection) { client, name throws(RoadsteadError) in
            var lookup = ResourceLookup.clusters(client)
            if let found = try await lookup.find(name) { return try found.requireID() }
            lookup.condition = nil
            return try await lookup.id(name)
        }
    }
}
