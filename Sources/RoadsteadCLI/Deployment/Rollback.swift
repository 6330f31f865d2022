import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead rollback [NAME] [--to N]`
struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring back a former revision of a deployment, and wait for the verdict.",
        discussion: """
            With its images by digest, its configs and its secrets. `roadstead history` shows the revisions; without \
            --to it is the one before the last.
            """)

    @OptionGroup var deployment: NamedDeployment

    @Option(help: ArgumentHelp("The revision to bring back.", valueName: "revision"))
    var to: Int?

    @OptionGroup var wait: WaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let to, to < 1 { throw ValidationError("--to is the number of a revision, from 1.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(connection.client)
            let body: JSONObject = to.map { ["revision": JSONValue($0)] } ?? [:]
            let which = to.map { "revision \($0)" } ?? "the revision before the last"
            try await DeploymentJobRun(connection: connection, wait: wait, output: output).run(
                "rollback", on: found, body, done: "\(found.title) is back at \(which).")
        }
    }
}
