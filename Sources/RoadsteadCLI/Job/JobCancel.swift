import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead job cancel ID…`
struct JobCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel jobs that wait or run; what they have done already stays.")

    @Argument(help: "Ids.")
    var jobs: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            for job in jobs {
                let id = try await ResourceLookup.jobs(connection.client).id(job)
                try await connection.client.operation("cancel", on: id)
                connection.console.write("Cancelled \(id).")
            }
        }
    }
}
