import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// What a new group says about itself.
struct GroupDetails: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("What people call it.", valueName: "text"))
    var name: String?

    @Option(help: ArgumentHelp("A sentence about it.", valueName: "text"))
    var description: String?

    var attributes: JSONObject {
        var attributes = JSONObject()
        attributes["name"] = name.map(JSONValue.string)
        attributes["description"] = description.map(JSONValue.string)
        return attributes
    }
}

/// `roadstead group add IDENTIFIER`
struct GroupAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a group; you own it and are its first member.")

    @Argument(help: "Lower-case words joined by hyphens, such as ops; it stays for ever.")
    var identifier: String

    @OptionGroup var details: GroupDetails
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let template: JSONValue = ["href": "group-template/generic", "group-identifier": .string(identifier)]
        let body = details.attributes.merging(["template": template])
        try await Connection.run(connection) { connection in
            let id = try await connection.client.add("group", body).requireResource()
            let document: JSONObject = ["id": .string(id.description)]
            connection.console.write(try Listing.lines(document, output) { ["Added \(id)."] })
        }
    }
}

/// `roadstead group add-subgroup GROUP IDENTIFIER`
struct GroupAddSubgroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-subgroup", abstract: "Make a group below another; members of the upper one may act for it.")

    @Argument(help: "The upper group.")
    var group: String

    @Argument(help: "Lower-case words joined by hyphens, such as ops-night.")
    var identifier: String

    @OptionGroup var details: GroupDetails
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let body = details.attributes.merging(["group-identifier": .string(identifier)])
        try await Connection.run(connection) { connection in
            let parent = try await GroupLookup(client: connection.client).get(group)
            let id = try await connection.client.operation("add-subgroup", on: parent, body).requireResource()
            let document: JSONObject = ["id": .string(id.description)]
            connection.console.write(try Listing.lines(document, output) { ["Added \(id) below \(parent)."] })
        }
    }
}
