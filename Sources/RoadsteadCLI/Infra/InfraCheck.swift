import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead infra check NAME`
struct InfraCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check that infrastructure services can be reached and used.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let isQuiet = output.quiet || output.output != .table
            let checker = InfraChecker(connection: connection, isQuiet: isQuiet)
            var documents: [JSONObject] = []
            for name in names {
                let service = try await ResourceLookup.infrastructure(connection.client).id(name)
                let credentials = try await ServiceCredentials.list(connection.client, of: service)
                guard !credentials.isEmpty else {
                    throw RoadsteadError(
                        .notFound, "'\(name)' has no credential: add one by `roadstead credential add … --for \(name)`")
                }
                for credential in credentials { try await checker.check(try credential.requireID(), name: name) }
                documents.append(try await connection.client.get(service))
            }
            connection.console.write(try InfraList.listing(documents, []).lines(output))
        }
    }
}

/// The credentials of an infrastructure service that the caller can see.
enum ServiceCredentials {
    static func list(_ client: APIClient, of service: ResourceID) async throws(RoadsteadError) -> [JSONObject] {
        try await client.query("credential", ClientQuery(filter: "parent='\(service)'", orderBy: "created:asc"))
            .documents
    }
}
