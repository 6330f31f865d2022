import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster plan NAME`
struct ClusterPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what `apply` would change, and change nothing.",
        discussion: """
            The hosts and the cloud are asked, so that drift shows too. For a file of a
            cluster that is not there, it is shown what would be made.
            """)

    @OptionGroup var choice: ClusterChoice
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let content = try await choice.content()
        try await Connection.run(connection) { connection in
            let found = try await choice.find(content, connection.client)
            let plan = try await plan(content, found, connection)
            guard output.output == .table else {
                return connection.console.write(try Listing.encoded(.object(plan), output.output))
            }
            var shown = try ClusterPlan(json: plan)
            if let found { shown.cluster = found.title }
            connection.console.write(ClusterPlanText.lines(shown, connection.console.style))
        }
    }

    private func plan(
        _ content: JSONObject?, _ found: JSONObject?, _ connection: Connection
    ) async throws -> JSONObject {
        let adopts = (content ?? found?.specification)?.adoptsHosts ?? false
        guard let found, found.clusterState != .created || adopts else {
            let document = try choice.document(content ?? found?.specification ?? [:], connection.console)
            let plan = try ClusterPlan.make(try ClusterDocument.specification(document), ClusterFacts())
            return plan.json().objectValue ?? [:]
        }
        var document = content ?? found.specification
        document["credential"] = document["credential"] ?? found.specification["credential"]
        _ = try ClusterDocument.specification(document)
        let body: JSONObject = ["specification": .object(document), "operation": "apply"]
        return try await connection.client.operation("plan", on: try found.requireID(), body).body
    }
}
