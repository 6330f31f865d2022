import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead infra rm NAME…`
struct InfraRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forget infrastructure services and their credentials; nothing there is touched.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @Flag(help: "Also when deployments run there, which Roadstead can then no longer reach.")
    var force = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names { try await remove(name, connection) }
        }
    }

    private func remove(_ name: String, _ connection: Connection) async throws(RoadsteadError) {
        let client = connection.client
        let service = try await ResourceLookup.infrastructure(client).id(name)
        if !force { try await refuseInUse(name, service, client) }
        for credential in try await ServiceCredentials.list(client, of: service) {
            try await client.delete(try credential.requireID())
        }
        try await client.delete(service)
        connection.console.write("Removed \(name) (\(service)).")
    }

    private func refuseInUse(_ name: String, _ service: ResourceID, _ client: APIClient) async throws(RoadsteadError) {
        if let cluster = try await cluster(service, client) {
            throw RoadsteadError(
                .invalidState,
                "'\(name)' is cluster \(cluster), which goes by `roadstead cluster terminate \(cluster)`; to forget only where it is, "
                    + "add --force")
        }
        let filter = "infrastructure-service='\(service)' and state!=['CREATED','STOPPED']"
        let running = try await client.query("deployment", ClientQuery(filter: filter, last: 5))
        guard running.count > 0 else { return }
        let titles = running.documents.map(\.title).joined(separator: ", ")
        throw RoadsteadError(
            .invalidState,
            "\(counted(running.count, "deployment")) on '\(name)' (\(titles)) not stopped: stop first by `roadstead deployment stop`, "
                + "or add --force")
    }

    /// The name of the cluster that is registered so; nil also at a server that knows no clusters.
    private func cluster(_ service: ResourceID, _ client: APIClient) async throws(RoadsteadError) -> String? {
        let query = ClientQuery(filter: "infrastructure-service='\(service)' and state!='TERMINATED'", last: 1)
        do { return try await client.query("cluster", query).documents.first?.title } catch
            where error.code == .notFound
        {
            return nil
        }
    }
}
