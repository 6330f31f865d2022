import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead cluster context NAME`
struct ClusterContext: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Write a docker context with certificates, so that plain docker works.",
        discussion: #"""
              roadstead cluster context prod
              docker --context roadstead-prod node ls
            It holds a client certificate of your own, good for a year; the same command
            makes it anew. It is written to DOCKER_CONFIG, or ~/.docker.
            """#)

    @Argument(help: "Name or id of a cluster.")
    var cluster: String

    @Option(help: ArgumentHelp("What to call the context; roadstead-CLUSTER when absent.", valueName: "name"))
    var name: String?

    @Flag(help: "Print what would be written, without the certificates, and write nothing.")
    var print = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if let name, !DockerContext.isName(name) {
            throw ValidationError("'\(name)' is no name of a docker context: letters, digits and _ . + - only.")
        }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await ResourceLookup.clusters(connection.client).get(cluster)
            let id = try found.requireID()
            let name = name ?? "roadstead-" + found.title
            if print {
                guard let endpoint = try await ClusterReport.endpoint(found, connection.client) else {
                    throw RoadsteadError(
                        .invalidState, "cluster '\(found.title)' is \(found.text("state")): it has no engine yet")
                }
                let context = DockerContext(
                    name: name, cluster: id, clusterName: found.title, host: EngineAccess.dockerHost(endpoint))
                return connection.console.write(JSONValue.object(context.meta).text(.pretty))
            }
            let access = try await EngineAccess.issue(for: id, connection.client)
            let context = DockerContext(name: name, cluster: id, clusterName: found.title, host: access.dockerHost)
            try context.write(access, to: DockerContext.store(connection.console.environment))
            connection.console.write("Wrote docker context \(name): docker --context \(name) node ls")
        }
    }
}
