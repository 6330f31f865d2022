import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine ip NAME…`
struct MachineIP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ip", abstract: "Print the addresses of machines, a line each.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await MachineFacts.write(names, connection) { machine throws(RoadsteadError) in
            let address = machine.text("address")
            guard !address.isEmpty else {
                throw RoadsteadError(
                    .invalidState, "\(machine.title) is \(machine.text("state")) and has no address yet")
            }
            return address
        }
    }
}

/// `roadstead machine url NAME…`
struct MachineURL: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "url", abstract: "Print the addresses of machines' engines, a line each.")

    @Argument(help: "Names or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await MachineFacts.write(names, connection) { machine throws(RoadsteadError) in
            let url = MachineView(machine: machine).url
            guard !url.isEmpty else {
                throw RoadsteadError(
                    .invalidState, "\(machine.title) is \(machine.text("state")): its engine does not run")
            }
            return url
        }
    }
}

/// One line of each machine that is named.
enum MachineFacts {
    static func write(
        _ names: [String], _ options: ConnectionOptions, _ line: (JSONObject) throws(RoadsteadError) -> String
    ) async throws {
        try await Connection.run(options) { connection in
            for name in names {
                let machine = try await ResourceLookup.machines(connection.client).get(name)
                connection.console.write(try line(machine))
            }
        }
    }
}
