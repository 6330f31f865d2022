import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead adopt STACK --on INFRA`
struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a stack that runs on a Swarm a deployment, without touching its tasks.",
        discussion: "Its Compose text is rebuilt from what runs. `roadstead infra stacks INFRA` lists what there is.")

    @Argument(help: "The stack's name on the Swarm.")
    var stack: String

    @Option(help: ArgumentHelp("The infrastructure service; the only Swarm when absent.", valueName: "infra"))
    var on: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let target = try await DeployTarget.find(on, deployment: "", client)
            let id = try await client.operation(
                "adopt", on: try target.service.requireID(), ["stack": .string(stack)]
            ).requireResource()
            let deployment = try await client.get(id)
            connection.console.write(
                try Listing.lines(deployment, output) {
                    ["\(stack) is now deployment \(deployment.title) (\(id)); nothing on the Swarm was touched."]
                })
        }
    }
}
