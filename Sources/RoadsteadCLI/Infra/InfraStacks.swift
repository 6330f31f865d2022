import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead infra stacks NAME`
struct InfraStacks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stacks", abstract: "List the stacks on a Swarm, and the deployments that they belong to.")

    @Argument(help: "Name or id of the infrastructure service.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let id = try await ResourceLookup.infrastructure(connection.client).id(name)
            let answer = try await connection.client.operation("stacks", on: id).body
            let stacks = answer["stacks"]?.arrayValue?.compactMap(\.objectValue) ?? []
            connection.console.write(try Self.listing(stacks).lines(output))
        }
    }

    static func listing(_ stacks: [JSONObject]) -> Listing {
        Listing(
            documents: stacks,
            columns: [
                .init("STACK", key: "name"), .init("SERVICES", key: "services"),
                .init("DEPLOYMENT") { stack in
                    let id = stack.text("deployment")
                    let name = stack.text("deployment-name")
                    return !name.isEmpty ? name : !id.isEmpty ? id : stack["owned"] == true ? "(of somebody else)" : ""
                }, .init("STATE", key: "state"),
            ])
    }
}
