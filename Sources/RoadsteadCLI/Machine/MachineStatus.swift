import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine status NAME`
struct MachineStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Look at a machine now, and print Running, Stopped or what else it is.",
        discussion: "-o json tells more: whether SSH and the engine answer, and what the Swarm says of the node.")

    @Argument(help: "Name or id.")
    var name: String

    @Option(name: .shortAndLong, help: "How to print: table, json or yaml.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let id = try await ResourceLookup.machines(connection.client).id(name)
            let status = try await connection.client.operation("status", on: id).body
            guard output == .table else {
                return connection.console.write(try Listing.encoded(.object(status), output))
            }
            connection.console.write(MachineView(machine: status).stateWord)
        }
    }
}
