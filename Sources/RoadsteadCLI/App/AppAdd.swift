import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app add NAME -f compose.yml`
struct AppAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put a Compose file on the server as an application, or as a new version of it.",
        discussion: """
            The files that the Compose file names (configs, secrets, env_file) are taken along. Variables are kept as \
            variables: `roadstead deploy --env NAME=VALUE` gives them values. What the file says under `x-roadstead` \
            (description, logo, tags, license, urls, variables, outputs, requirements) goes along.
            """)

    @Argument(help: "What to call it: NAME, or PROJECT/NAME.")
    var name: String

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp("The Compose file; - is standard input.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("A further file to take along; may be repeated.", valueName: "file"))
    var extraFiles: [String] = []

    @Option(help: ArgumentHelp("A registered registry that its images come from; may be repeated.", valueName: "infra"))
    var registry: [String] = []

    @Option(help: "The project that it goes into; your own one when absent.")
    var project: String?

    @Option(help: "A line about it.")
    var description: String?

    @Option(name: .shortAndLong, help: "What changed, as in a commit.")
    var message: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let file = try ComposeFolder.resolved(file)
        var content = try await ApplicationContent.load(file, extraFiles: extraFiles)
        let warnings = try await ApplicationCheck(label: file, content: content).run(values: [:], isComplete: false)
        warnings.forEach { Console.standard.error("roadstead: warning: " + $0) }
        try await Connection.run(connection) { connection in
            content.registries = try await RegistryChoice.find(registry, connection.client)
            let store = ApplicationStore(client: connection.client)
            let path = try await store.path(name, project: project)
            let title = path.split(separator: "/").last.map(String.init) ?? name
            let version = try await store.put(
                path: path, name: title, description: description, content: content,
                commit: message ?? "from \(file == "-" ? "standard input" : file)")
            connection.console.write(
                try Listing.lines(version.module, output) { [Self.sentence(version, path: path)] })
        }
    }

    private static func sentence(_ version: ApplicationStore.Version, path: String) -> String {
        version.isNew
            ? "Added \(path) as \(version.reference)." : "\(path) is the same already, as \(version.reference)."
    }
}
