import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead infra ls`
struct InfraList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List infrastructure services.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let services = try await client.query("infrastructure-service", ClientQuery(orderBy: "name:asc")).documents
            let credentials = try await client.query(
                "credential", ClientQuery(filter: "parent^='infrastructure-service/'", select: ["parent", "status"])
            ).documents
            connection.console.write(try Self.listing(services, credentials).lines(output))
        }
    }

    static func listing(_ services: [JSONObject], _ credentials: [JSONObject]) -> Listing {
        let status = Dictionary(
            credentials.map { ($0.text("parent"), $0.text("status")) }, uniquingKeysWith: { $0 == "VALID" ? $0 : $1 })
        return Listing(
            documents: services,
            columns: [
                .init("NAME", key: "name"), .init("TYPE", key: "subtype"), .init("ENDPOINT", key: "endpoint"),
                .init("ONLINE", key: "online"), .init("MANAGER", key: "swarm-manager"),
                .init("CREDENTIAL") { status[$0.text("id")] ?? "" }, .init("ID", key: "id"),
            ].filter { !credentials.isEmpty || $0.title != "CREDENTIAL" })
    }
}
