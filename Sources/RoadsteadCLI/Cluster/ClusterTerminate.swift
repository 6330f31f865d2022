import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead cluster terminate NAME`
struct ClusterTerminate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminate", abstract: "Remove a cluster: machines, firewall, keys, network, registration.",
        discussion: """
            All that goes is listed first, and goes only if it is still the same when the
            work begins. Hosts that exist leave the Swarm and stay. A cluster with
            deployments is refused without --force.
            """)

    @Argument(help: "Name or id.")
    var name: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Flag(help: "Also with deployments on it.")
    var force = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let cluster = try await ResourceLookup.clusters(client).get(name)
            let plan = try await client.operation(
                "plan", on: try cluster.requireID(), ["operation": "terminate"]
            ).body
            if output.isForPeople {
                connection.console.write(
                    ["Cluster \(cluster.title) (\(cluster.text("id"))):"]
                        + ClusterPlanText.removals(plan, connection.console.style))
            }
            try await Approval(console: connection.console, isGiven: yes)
                .get(byTyping: cluster.title, "This cannot be undone.")
            let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople)
            let isDone = try await run.run("terminate", on: cluster, Self.body(plan, force: force))
            let contexts = isDone ? forget(try cluster.requireID(), connection.console.environment) : []
            guard isDone || !output.isForPeople else { return }
            connection.console.write(
                try Listing.lines(try await client.get(try cluster.requireID()), output) {
                    ["Cluster \(cluster.title) is terminated; nothing of it is left."]
                        + contexts.map { "Removed docker context \($0)." }
                })
        }
    }

    /// What opened its engines from here opens nothing any more.
    private func forget(_ cluster: ResourceID, _ environment: [String: String]) -> [String] {
        try? FileManager.default.removeItem(atPath: EngineAccessFolder.path(of: cluster, environment))
        return DockerContext.remove(of: cluster, from: DockerContext.store(environment))
    }

    /// What was seen: the server refuses when more, or less, would go by then.
    static func body(_ plan: JSONObject, force: Bool) -> JSONObject {
        var body: JSONObject = ["expected": JSONValue(ClusterPlanText.removes(plan).map { $0.text("id") })]
        if force { body["force"] = true }
        return body
    }
}
