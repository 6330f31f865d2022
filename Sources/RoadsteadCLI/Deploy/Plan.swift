import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead plan [APP | -f FILE]`
struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what `deploy` would change on the Swarm, and change nothing.",
        discussion: "For a deployment as it stands at the server: `roadstead deployment plan NAME`.")

    @OptionGroup var input: ApplicationInput
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let local = try await input.read(Console.standard)
        try await Connection.run(connection) { connection in
            if input.build, let local {
                return try await PlanScreen(output: output).show(.make(input, local, connection), connection)
            }
            let request = try await input.request(local, connection.client, keeps: false)
            try await PlanScreen(output: output).show(
                DeploymentWork(client: connection.client, request: request), connection)
        }
    }
}

/// Shows a plan in the form that was asked for.
struct PlanScreen: Sendable {
    let output: OutputOptions

    func show(_ work: DeploymentWork, _ connection: Connection) async throws {
        show(try lines(try await work.plan(), connection.console.style), connection)
    }

    func show(_ build: DeployBuild, _ connection: Connection) async throws {
        let images = output.output == .table ? StackBuild.lines(build.stack) : []
        show(images + (try lines(try await build.plan(), connection.console.style)), connection)
    }

    func show(_ lines: [String], _ connection: Connection) { connection.console.write(lines) }

    func lines(_ plan: JSONObject, _ style: Style) throws -> [String] {
        guard output.output == .table else { return try Listing.encoded(.object(plan), output.output) }
        let id = plan["changes"] == 0 ? "" : plan.text("plan-id")
        return PlanText.lines(plan, style)
            + (id.isEmpty ? [] : ["Apply exactly this by: roadstead deploy --plan-id \(id)"])
    }
}
