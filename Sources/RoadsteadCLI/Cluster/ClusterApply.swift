import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster apply -f FILE`
struct ClusterApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Bring a cluster to what its file says: plan, question, change.",
        discussion: """
            A cluster that is not there is made. With NAME alone, what was last written
            down for it is brought live, and what has drifted is mended.
            """)

    @OptionGroup var choice: ClusterChoice
    @OptionGroup var input: ClusterInput

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let content = try await choice.content()
        try await Connection.run(connection) { connection in
            let found = try await choice.find(content, connection.client)
            guard let cluster = found, cluster.clusterState != .created, cluster.clusterState != .error else {
                let document = try choice.document(content ?? found?.specification ?? [:], connection.console)
                return try await input.making(document, yes: yes, wait, output, connection).run()
            }
            var document = content ?? cluster.specification
            if let name = input.credential {
                document["credential"] = .string(
                    try await ResourceLookup.credentials(connection.client).id(name).description)
            }
            document["credential"] = document["credential"] ?? cluster.specification["credential"]
            _ = try ClusterDocument.specification(document)
            try await ClusterChange(
                connection: connection, cluster: cluster,
                approval: Approval(console: connection.console, isGiven: yes), wait: wait, output: output
            ).run(document)
        }
    }
}

/// Which cluster a command is about: one that is there by its name, or the one of a file.
struct ClusterChoice: ParsableArguments, Sendable {
    @Argument(help: "Name or id of a cluster; the file's name when absent.")
    var name: String?

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp("The cluster's specification; - is standard input.", valueName: "file"))
    var file: String?

    func validate() throws {
        guard name != nil || file != nil else { throw ValidationError("Name the cluster, or give -f FILE.") }
    }

    /// Of the file, when there is one, with its own name or else the one that was given. Throws invalidInput when the two differ.
    func content() async throws -> JSONObject? {
        guard let file else { return nil }
        var content = try await ClusterFile.read(file)
        if let name {
            if let own = content["name"]?.stringValue, own != name {
                throw RoadsteadError(.invalidInput, "\(file) is of cluster '\(own)', not '\(name)': leave the name out")
            }
            content["name"] = .string(name)
        }
        return content
    }

    /// nil for the cluster of a file that is not there. Throws notFound for one that is named.
    func find(_ content: JSONObject?, _ client: APIClient) async throws(RoadsteadError) -> JSONObject? {
        let clusters = ResourceLookup.clusters(client)
        guard let content else { return try await clusters.get(name ?? "") }
        guard let name = content["name"]?.stringValue else {
            throw RoadsteadError(.invalidInput, "\(file ?? "") names no cluster: give it a `name`")
        }
        return try await clusters.find(name)
    }

    func document(_ content: JSONObject, _ console: Console) throws(RoadsteadError) -> JSONObject {
        try ClusterDocument.make(name: nil, file: content, environment: console.environment)
    }
}
