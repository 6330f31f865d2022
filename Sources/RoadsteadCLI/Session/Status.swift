import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead status`
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the server, who is logged in, and what there is.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let status = try await document(connection.client)
            connection.console.write(try Listing.lines(status, output) { Self.lines(status) })
        }
    }

    private func document(_ client: APIClient) async throws(RoadsteadError) -> JSONObject {
        guard let session = try await client.currentSession() else {
            throw RoadsteadError(
                .unauthenticated, "the session at \(client.server) has ended: run `roadstead login \(client.server)`")
        }
        var status: JSONObject = ["id": session["id"] ?? .null, "server": .string(client.server.description)]
        status["user"] = session["identifier"] ?? session["user"]
        status["acting-as"] = session["active-claim"]
        status["session-expiry"] = session["expiry"]
        status["infrastructure-services"] = .integer(try await count(client, "infrastructure-service"))
        status["applications"] = .integer(try await count(client, "module", "subtype!='project'"))
        status["deployments"] = .integer(try await count(client, "deployment"))
        status["deployments-in-error"] = .integer(try await count(client, "deployment", "state='ERROR'"))
        status["jobs-running"] = .integer(try await count(client, "job", "state=['QUEUED','RUNNING']"))
        return status
    }

    private func count(_ client: APIClient, _ type: String, _ filter: String? = nil) async throws(RoadsteadError)
        -> Int64
    {
        Int64(try await client.query(type, ClientQuery(filter: filter, last: 0)).count)
    }

    private static func lines(_ status: JSONObject) -> [String] {
        var sheet = FactSheet()
        for (label, key) in [
            ("Server", "server"), ("User", "user"), ("Acting as", "acting-as"), ("Session until", "session-expiry"),
            ("Infrastructure services", "infrastructure-services"), ("Applications", "applications"),
            ("Deployments", "deployments"), ("  in error", "deployments-in-error"), ("Jobs running", "jobs-running"),
        ] { sheet.add(label, status.text(key)) }
        return sheet.lines()
    }
}
