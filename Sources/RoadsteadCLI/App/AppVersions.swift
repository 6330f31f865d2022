import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app versions APP`
struct AppVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the versions of an application, the newest first.")

    @Argument(help: "Name, path or id.")
    var app: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let module = try await ResourceLookup.applications(connection.client).get(app)
            connection.console.write(try Self.listing(module).lines(output))
        }
    }

    static func listing(_ module: JSONObject) -> Listing {
        let id = module.text("id")
        let versions = (module["versions"]?.arrayValue ?? []).enumerated().compactMap {
            number, version -> JSONObject? in
            version.objectValue?.merging(["id": .string("\(id)_\(number)"), "version": JSONValue(number)])
        }
        return Listing(
            documents: versions.reversed(),
            columns: [
                .init("VERSION", key: "version"), .init("AUTHOR", key: "author"), .init("CHANGE", key: "commit"),
                .init("PUBLISHED") { $0["published"] == true ? "yes" : "" }, .init("ID", key: "id"),
            ])
    }
}
