import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine inspect NAME…`
struct MachineInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Print all that is known of machines, as JSON.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Fields of it, such as '{{.address}}' or '{{json .labels}}'.", valueName: "text"))
    var format: FieldTemplate?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let machine = JSONValue.object(try await ResourceLookup.machines(connection.client).get(name))
                connection.console.write(format.map { $0.text(machine) } ?? machine.text(.pretty))
            }
        }
    }
}
