import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app validate APP`
struct AppValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Read an application as a deployment would, and say what is wrong with it.",
        discussion: """
            With -f a Compose file of this machine is read, without a server. The exit status is 0 when it can be \
            deployed, 4 when an application cannot, 2 when a file cannot.
            """)

    @Argument(help: "Name, path or id of an application of the server; or give -f.")
    var app: String?

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp("A Compose file, or a folder with one.", valueName: "file"))
    var file: String?

    @Option(
        name: .customLong("version-number"),
        help: ArgumentHelp("The version's number; the last one when absent.", valueName: "number"))
    var number: Int?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (app == nil) != (file == nil) else {
            throw ValidationError("Name an application, or give a Compose file by -f FILE.")
        }
    }

    func run() async throws {
        if let file { return try await read(try ComposeFolder.resolved(file), Console.standard) }
        try await Connection.run(connection) { connection in
            var choice = AppVersionChoice()
            (choice.app, choice.number) = (app ?? "", number)
            let id = try await choice.reference(connection.client)
            let job = try await connection.client.operation("validate-docker-compose", on: id).requireJob()
            let final = try await JobFollower(connection: connection, isQuiet: true).complete(
                job, title: "validate \(app ?? "")")
            let lines = final.text("status-message").split(separator: "\n").map(String.init)
            guard final["verdict"]?["outcome"] == "valid" else {
                connection.console.error(
                    ["roadstead: \(app ?? ""): " + (lines.first ?? "is not valid")] + lines.dropFirst())
                throw ExitCode(CommandStatus.failed.rawValue)
            }
            connection.console.write(["\(app ?? ""): " + (lines.first ?? "is valid")] + lines.dropFirst())
        }
    }

    private func read(_ file: String, _ console: Console) async throws {
        let content = try await ApplicationContent.load(file, extraFiles: [])
        let warnings = try await ApplicationCheck(label: file, content: content).run(values: [:], isComplete: false)
        warnings.forEach { console.error("roadstead: warning: " + $0) }
        console.write("\(file) is valid.")
    }
}
