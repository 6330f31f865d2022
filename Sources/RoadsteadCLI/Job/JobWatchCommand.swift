import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead job watch ID`
struct JobWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a job to its end; the exit status says how it ended.")

    @Argument(help: "Id.")
    var job: String

    @Option(help: ArgumentHelp("How long to wait, such as 90s or 10m.", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let document = try await ResourceLookup.jobs(connection.client).get(job)
            let isQuiet = output.quiet || output.output != .table
            let follower = JobFollower(connection: connection, isQuiet: isQuiet, timeout: timeout?.duration)
            let title = document.text("action").replacing("_", with: " ")
            let final = try await follower.complete(try document.requireID(), title: title)
            let message = final.text("status-message")
            connection.console.write(
                try Listing.lines(final, output) { [title + ": done" + (message.isEmpty ? "" : " (\(message))")] })
        }
    }
}
