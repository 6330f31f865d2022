import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead diff [NAME]`
struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how the Compose file here differs from what is deployed, or one revision from another.",
        discussion: """
              roadstead diff                             # the files of this folder against their deployment
              roadstead diff shop --revision 3           # revision 3 against the last one
              roadstead diff shop --revision 2 --with 3

            `roadstead plan` shows what that means on the Swarm. Values of variables and secrets are not shown.
            """)

    @OptionGroup var deployment: NamedDeployment
    @OptionGroup var variables: VariableInput

    @Option(help: ArgumentHelp("Compare this revision with another.", valueName: "revision"))
    var revision: Int?

    @Option(help: ArgumentHelp("The other revision; the last one when absent.", valueName: "revision"))
    var with: Int?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if with != nil, revision == nil { throw ValidationError("--with goes along with --revision.") }
    }

    func run() async throws {
        let local = try await local()
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(connection.client)
            let style = connection.console.style
            let difference =
                if let local {
                    // A query's answer says nothing about secret files.
                    Self.difference(try await connection.client.get(try found.requireID()), local, style)
                } else {
                    try await ofRevisions(found, connection.client, style)
                }
            connection.console.write(difference.isEmpty ? ["There is no difference."] : difference.lines)
        }
    }

    /// nil when revisions are compared: they are asked for, or a deployment is named and no file.
    private func local() async throws -> LocalApplication? {
        guard revision == nil, deployment.deployment == nil, deployment.choice.name == nil else { return nil }
        let environment = Console.standard.environment
        let files = try ComposeFolder.files(deployment.choice.file, environment)
        guard let file = files.first else { return nil }
        return try await LocalApplication.read(
            file, overrides: Array(files.dropFirst()), extraFiles: [], variables: variables,
            profiles: DeployChoices.list(environment["COMPOSE_PROFILES"]), environment: environment)
    }

    static func difference(_ deployment: JSONObject, _ local: LocalApplication, _ style: Style) -> ApplicationDifference
    {
        let stored = deployment["module"]?["content"]?.objectValue ?? JSONObject()
        var difference = ApplicationDifference(style: style)
        difference.addText(local.file, from: stored.text("docker-compose"), to: local.content.compose)
        let secrets = SecretFileDigests(stored)
        let wanted = SecretFileDigests(local.content.texts(areSecret: true), of: stored)
        difference.addFiles(
            from: texts(stored["files"], "file-name", "file-content").merging(secrets.digests) { $1 },
            to: local.content.texts(areSecret: false)
                .merging(wanted.digests.filter { !secrets.undisclosed.contains($0.key) }) { $1 },
            hidden: local.content.secretFiles.union(secrets.digests.keys))
        difference.addUndisclosed(secrets.undisclosed)
        difference.addHidden(
            "variables", from: texts(stored["environmental-variables"], "name", "value"), to: local.values)
        return difference
    }

    private static func texts(_ list: JSONValue?, _ key: String, _ value: String) -> [String: String] {
        let pairs = (list?.arrayValue ?? []).compactMap { entry in
            entry[key]?.stringValue.flatMap { name in entry[value]?.stringValue.map { (name, $0) } }
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private func ofRevisions(
        _ deployment: JSONObject, _ client: APIClient, _ style: Style
    ) async throws -> ApplicationDifference {
        let all = try await DeploymentRevisions.list(client, of: try deployment.requireID())
        let numbers = all.compactMap { $0["revision"]?.integerValue.map(Int.init) }
        guard let newest = with ?? numbers.first, let oldest = revision ?? numbers.dropFirst().first else {
            throw RoadsteadError(
                .notFound, "'\(deployment.title)' has fewer than two revisions, so there is nothing to compare")
        }
        func get(_ number: Int) throws -> JSONObject {
            if let found = all.first(where: { $0["revision"]?.integerValue == Int64(number) }) { return found }
            throw RoadsteadError(
                .notFound,
                "'\(deployment.title)' has no revision \(number); there are: \(numbers.map(String.init).joined(separator: ", "))"
            )
        }
        return Self.difference(from: try get(oldest), to: try get(newest), style)
    }

    static func difference(from old: JSONObject, to new: JSONObject, _ style: Style) -> ApplicationDifference {
        func images(_ revision: JSONObject) -> [String: String] {
            (revision["images"]?.objectValue?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.stringValue }
        }
        var difference = ApplicationDifference(style: style)
        difference.addText(
            "Compose text, revision \(old.text("revision")) -> \(new.text("revision"))",
            from: old.text("docker-compose"),
            to: new.text("docker-compose"))
        difference.addValues("images", from: images(old), to: images(new))
        return difference
    }
}
