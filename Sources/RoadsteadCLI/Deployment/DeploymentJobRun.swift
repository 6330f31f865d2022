import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// How a command waits for the job that it starts.
struct WaitOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not wait for the verdict.")
    var detach = false

    @Option(
        help: ArgumentHelp("How long to wait, such as 90s or 10m; until the verdict when absent.", valueName: "time"))
    var timeout: TimeSpan?
}

/// An action on a deployment that a job carries out: started, watched, and told of.
struct DeploymentJobRun: Sendable {
    let connection: Connection
    let wait: WaitOptions
    let output: OutputOptions

    /// The server ends the wait by its verdict, which says more; only when it does not do so in time the watch ends.
    private static let grace = Duration.seconds(60)

    /// `done` is the sentence for people when it went well.
    func run(_ action: String, on deployment: JSONObject, _ body: JSONObject = [:], done: String) async throws {
        var body = body
        body["timeout"] = wait.timeout.map { JSONValue($0.seconds) }
        let id = try deployment.requireID()
        let job = try await connection.client.operation(action, on: id, body.isEmpty ? nil : body).requireJob()
        let title = "\(action) \(deployment.title)"
        if !wait.detach {
            let isMachineRead = output.quiet || output.output != .table
            let follower = JobFollower(
                connection: connection, isQuiet: isMachineRead, timeout: wait.timeout.map { $0.duration + Self.grace })
            try await follower.complete(job, title: title)
        }
        var document = try await connection.client.get(id)
        document["job"] = .string(job.description)
        let sentence = wait.detach ? "\(title) is under way; watch it by: roadstead job watch \(job.identifier)" : done
        connection.console.write(try Listing.lines(document, output) { [sentence] })
    }
}
