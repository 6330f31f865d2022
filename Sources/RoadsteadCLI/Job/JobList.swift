import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead job ls`
struct JobList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List jobs, the newest first.")

    @Flag(help: "Only those that wait or run.")
    var running = false

    @Option(name: [.customShort("n"), .long], help: "How many, at most.")
    var last = 20

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard last > 0 else { throw ValidationError("--last must be 1 or more.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let filter = running ? "state=['QUEUED','RUNNING']" : nil
            let query = ClientQuery(filter: filter, orderBy: "created:desc", last: last)
            let jobs = try await connection.client.query("job", query).documents
            connection.console.write(try Self.listing(jobs, now: connection.clock.now).lines(output))
        }
    }

    static func listing(_ jobs: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: jobs,
            columns: [
                .init("ID") { $0.id?.identifier ?? $0.text("id") }, .init("ACTION", key: "action"),
                .init("TARGET", key: "target-resource"), .init("STATE", key: "state"),
                .init("PROGRESS") { $0.text("progress") + "%" },
                .init("CREATED") { Age.text($0.text("created"), now: now) + " ago" },
                .init("TOOK") { $0["duration"] == nil ? "" : $0.text("duration") + "s" },
            ])
    }
}
