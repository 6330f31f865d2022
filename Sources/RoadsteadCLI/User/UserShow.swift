import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead user show [NAME]`
struct UserShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an account with its logins and groups; your own when none is named.")

    @Argument(help: "Login name, e-mail address or id.")
    var name: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let id = try await Self.id(name, client)
            var user = try await client.get(id)
            let logins = try await client.query("user-identifier", ClientQuery(filter: "parent='\(id)'"))
            user["logins"] = JSONValue(logins.documents.map { $0.text("identifier") }.sorted())
            let groups = try await client.query("group", ClientQuery(filter: "users='\(id)'", orderBy: "id:asc"))
            user["groups"] = JSONValue(groups.documents.map { $0.text("id") })
            let shown = user
            connection.console.write(try Listing.lines(shown, output) { Self.lines(shown) })
        }
    }

    static func id(_ name: String?, _ client: APIClient) async throws(RoadsteadError) -> ResourceID {
        if let name { return try await UserLookup(client: client).get(name) }
        return try await client.whoAmI().user
    }

    static func lines(_ user: JSONObject) -> [String] {
        var sheet = FactSheet()
        for (label, key) in [
            ("Name", "name"), ("State", "state"), ("Description", "description"), ("Logins", "logins"),
            ("Groups", "groups"), ("Created", "created"), ("Id", "id"),
        ] { sheet.add(label, user.text(key)) }
        return sheet.lines()
    }
}
