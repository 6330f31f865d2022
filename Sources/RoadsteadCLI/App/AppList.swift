import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app ls`
struct AppList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List applications, or search among them.")

    @Argument(help: "Words to search for in names, descriptions and tags; `web*` finds what begins so.")
    var words: [String] = []

    @Option(help: ArgumentHelp("Only those with this tag; may be repeated.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Only those of this project and the projects in it.", valueName: "project"))
    var project: String?

    @Flag(help: "Only those with a published version.")
    var published = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let filter = try filter()
        try await Connection.run(connection) { connection in
            let query = ClientQuery(filter: filter, orderBy: "path:asc")
            let modules = try await connection.client.query("module", query).documents
            connection.console.write(try Self.listing(modules, now: connection.clock.now).lines(output))
        }
    }

    func filter() throws(RoadsteadError) -> String {
        var parts = ["subtype!='project'"]
        if !words.isEmpty {
            parts.append("fulltext==" + (try FilterText.quoted(words.map { "+" + $0 }.joined(separator: " "))))
        }
        for tag in tag { parts.append("tags=" + (try FilterText.quoted(tag))) }
        if let project { parts.append("path^=" + (try FilterText.quoted(project + "/"))) }
        if published { parts.append("published=true") }
        return parts.joined(separator: " and ")
    }

    static func listing(_ modules: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: modules,
            columns: [
                .init("NAME", key: "name"), .init("PATH", key: "path"),
                .init("KIND") { $0["compatibility"]?.stringValue ?? $0.text("subtype") },
                .init("VERSIONS") { String($0["versions"]?.arrayValue?.count { !$0.isNull } ?? 0) },
                .init("PUBLISHED") { $0["published"] == true ? "yes" : "" },
                .init("VALID") { $0["valid"] == false ? "no" : "" },
                .init("TAGS", key: "tags"),
                .init("UPDATED") { Age.text($0.text("updated"), now: now) + " ago" }, .init("ID", key: "id"),
            ])
    }
}
