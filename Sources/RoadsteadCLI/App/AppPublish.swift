import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app publish APP`
struct AppPublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Mark a version of an application as published, for the catalogue.",
        discussion: "Who may see it stays a matter of `roadstead share`.")

    @OptionGroup var version: AppVersionChoice
    @OptionGroup var connection: ConnectionOptions

    func run() async throws { try await version.perform("publish", "Published", connection) }
}

/// `roadstead app unpublish APP`
struct AppUnpublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpublish", abstract: "Take the mark of a published version away again.")

    @OptionGroup var version: AppVersionChoice
    @OptionGroup var connection: ConnectionOptions

    func run() async throws { try await version.perform("unpublish", "Unpublished", connection) }
}

/// An application and one of its versions.
struct AppVersionChoice: ParsableArguments {
    @Argument(help: "Name, path or id of the application.")
    var app: String

    @Option(
        name: .customLong("version-number"),
        help: ArgumentHelp("The version's number; the last one when absent.", valueName: "number"))
    var number: Int?

    func validate() throws {
        if let number, number < 0 { throw ValidationError("--version-number is a number from 0.") }
    }

    /// `module/<uuid>` or `module/<uuid>_<number>`.
    func reference(_ client: APIClient) async throws(RoadsteadError) -> ResourceID {
        if let id = ResourceID(app), id.type == "module", id.identifier.contains("_"), number == nil { return id }
        let id = try await ResourceLookup.applications(client).id(app)
        return number.map { ResourceID(type: id.type, identifier: "\(id.identifier)_\($0)") } ?? id
    }

    fileprivate func perform(_ action: String, _ word: String, _ options: ConnectionOptions) async throws {
        try await Connection.run(options) { connection in
            let id = try await reference(connection.client)
            try await connection.client.operation(action, on: id)
            connection.console.write("\(word) \(app)\(number.map { " version \($0)" } ?? "") (\(id)).")
        }
    }
}
