import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead key ls`
struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List API keys: whom they act as, what they may do, when they end.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let query = ClientQuery(filter: "subtype='api-key'", orderBy: "name:asc,created:asc")
            let keys = try await connection.client.query("credential", query).documents
            connection.console.write(try Self.listing(keys, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ keys: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: keys,
            columns: [
                .init("NAME", key: "name"), .init("ACTS AS") { $0["claims"]?["identity"]?.stringValue ?? "" },
                .init("MAY") { entries($0, "actions") }, .init("ON") { entries($0, "resources") },
                .init("EXPIRES") { key in
                    guard let expiry = Instant(rfc3339: key.text("expiry")) else { return "never" }
                    return expiry <= now ? "expired" : "in " + Age.text(expiry - now)
                },
                .init("ID", key: "id"),
            ])
    }

    private static func entries(_ key: JSONObject, _ dimension: String) -> String {
        key["scope"]?[dimension]?.arrayValue?.compactMap(\.stringValue).joined(separator: ",") ?? "all"
    }
}
