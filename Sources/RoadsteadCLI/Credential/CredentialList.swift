import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead credential ls`
struct CredentialList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List credentials; secrets are never shown.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            // Only what is shown is asked for: secrets have no business on their way here.
            let shown = ["name", "subtype", "parent", "status", "last-check", "expiry", "created"]
            let credentials = try await client.query(
                "credential", ClientQuery(filter: "subtype!='hashed-password'", orderBy: "name:asc", select: shown)
            ).documents
            let services = try await client.query("infrastructure-service", ClientQuery(select: ["name"])).documents
            connection.console.write(
                try Self.listing(credentials, services, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ credentials: [JSONObject], _ services: [JSONObject], now: Instant) -> Listing {
        let names = Dictionary(services.map { ($0.text("id"), $0.title) }, uniquingKeysWith: { first, _ in first })
        return Listing(
            documents: credentials,
            columns: [
                .init("NAME", key: "name"),
                .init("TYPE") { $0.text("subtype").replacing("infrastructure-service-", with: "") },
                .init("FOR") { names[$0.text("parent")] ?? $0.text("parent") },
                .init("STATUS", key: "status"),
                .init("CHECKED") { credential in
                    let age = Age.text(credential.text("last-check"), now: now)
                    return age.isEmpty ? "" : age + " ago"
                },
                .init("EXPIRES", key: "expiry"), .init("ID", key: "id"),
            ])
    }
}
