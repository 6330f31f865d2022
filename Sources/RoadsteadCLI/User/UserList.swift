import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead user ls`
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the accounts that you can see: all as an administrator, else your own.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let users = try await connection.client.query("user", ClientQuery(orderBy: "name:asc")).documents
            connection.console.write(try Self.listing(users, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ users: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: users,
            columns: [
                .init("NAME", key: "name"), .init("STATE", key: "state"), .init("DESCRIPTION", key: "description"),
                .init("AGE") { Age.text($0.text("created"), now: now) }, .init("ID", key: "id"),
            ])
    }
}
