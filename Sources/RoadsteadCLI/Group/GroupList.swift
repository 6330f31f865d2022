import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead group ls`
struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the groups that you can see, and whether you are a member.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let groups = try await connection.client.query("group", ClientQuery(orderBy: "id:asc")).documents
            let user = try await connection.client.whoAmI().user.description
            // Members need not be able to see who else is one: the server answers the question all the same.
            let own = try await connection.client.query("group", ClientQuery(filter: "users='\(user)'"))
            let member = Set(own.documents.map { $0.text("id") })
            connection.console.write(try Self.listing(groups, member: member).lines(output))
        }
    }

    static func listing(_ groups: [JSONObject], member: Set<String>) -> Listing {
        Listing(
            documents: groups,
            columns: [
                .init("GROUP") { $0.text("id").replacing("group/", with: "", maxReplacements: 1) },
                .init("NAME", key: "name"), .init("MEMBER") { member.contains($0.text("id")) ? "yes" : "no" },
                .init("MEMBERS") { $0["users"]?.arrayValue.map { String($0.count) } ?? "" },
                .init("BELOW") { $0["parents"]?.arrayValue?.last?.stringValue ?? "" },
                .init("DESCRIPTION", key: "description"),
            ])
    }
}
