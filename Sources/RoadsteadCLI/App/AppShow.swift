import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app show APP`
struct AppShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an application and its Compose file.")

    @Argument(help: "Name, path or id; PROJECT/NAME or module/<uuid>_<version> for one version.")
    var app: String

    @Flag(help: "Print the Compose file alone.")
    var compose = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await ResourceLookup.applications(connection.client).get(app)
            // A query's answer holds no content.
            let module = found["content"] == nil ? try await connection.client.get(try found.requireID()) : found
            if compose {
                connection.console.writeRaw(module["content"]?["docker-compose"]?.stringValue ?? "")
            } else {
                connection.console.write(try Listing.lines(module, output) { Self.lines(module) })
            }
        }
    }

    static func lines(_ module: JSONObject) -> [String] {
        let content = module["content"]?.objectValue ?? JSONObject()
        var sheet = FactSheet()
        for (label, key) in [
            ("Name", "name"), ("Path", "path"), ("Description", "description"), ("Kind", "compatibility"),
            ("Updated", "updated"), ("Id", "id"),
        ] { sheet.add(label, module.text(key)) }
        sheet.add("Versions", String(module["versions"]?.arrayValue?.count { !$0.isNull } ?? 0))
        sheet.add("Author", content.text("author"))
        sheet.add("Change", content.text("commit"))
        sheet.add("Files", names(content["files"], "file-name"))
        sheet.add("Variables", names(content["environmental-variables"], "name"))
        let text = TerminalText.safe(content.text("docker-compose"), keepingLines: true)
        return sheet.lines() + ["", "Compose:"] + text.split(separator: "\n").map { "  " + $0 }
    }

    private static func names(_ value: JSONValue?, _ key: String) -> String {
        value?.arrayValue?.compactMap { $0[key]?.stringValue }.joined(separator: ", ") ?? ""
    }
}
