import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead group show GROUP`
struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a group with its members and the groups below it.")

    @Argument(help: "Identifier, id or name.")
    var group: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let id = try await GroupLookup(client: client).get(group)
            let document = try await client.get(id)
            let below = try await client.query("group", ClientQuery(filter: "parents='\(id)'", orderBy: "id:asc"))
            let names = try await client.peers()
            connection.console.write(
                try Listing.lines(document, output) { Self.lines(document, below.documents, names: names) })
        }
    }

    static func lines(_ group: JSONObject, _ below: [JSONObject], names: [String: String]) -> [String] {
        let users = group["users"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let members = users.map { user in names[user].map { "\($0) (\(user))" } ?? user }
        var sheet = FactSheet()
        sheet.add("Id", group.text("id"))
        sheet.add("Name", group.text("name"))
        sheet.add("Description", group.text("description"))
        sheet.add("Members", members.sorted().joined(separator: "\n"))
        sheet.add("Above", group.text("parents"))
        sheet.add("Below", below.map { $0.text("id") }.joined(separator: ", "))
        return sheet.lines()
    }
}
