import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// How a command waits for the job on a cluster or on machines that it starts.
struct JobWaitOptions: ParsableArguments, Sendable {
    @Flag(name: .shortAndLong, help: "Do not wait until it is done.")
    var detach = false

    @Option(help: ArgumentHelp("How long to wait, such as 90s or 10m; to the end when absent.", valueName: "time"))
    var timeout: TimeSpan?
}

/// An action on a cluster that a job carries out: started and watched.
struct ClusterJobRun: Sendable {
    let connection: Connection
    let wait: JobWaitOptions
    /// Whether progress is shown: neither a program nor a shell's variable takes the answer.
    var isForPeople = true
    /// Lines to show, below what went wrong, when the job fails.
    var advice: [String] = []

    /// `true` when it is done, `false` when it goes on without us. Ends the command when the job fails.
    @discardableResult
    func run(_ action: String, on cluster: JSONObject, _ body: JSONObject? = nil) async throws -> Bool {
        let id = try cluster.requireID()
        let job = try await connection.client.operation(action, on: id, body).requireJob()
        return try await follow(job, "\(action) \(cluster.title)")
    }

    func follow(_ job: ResourceID, _ title: String) async throws -> Bool {
        guard !wait.detach else {
            if isForPeople {
                connection.console.write("\(title) is under way; watch it by: roadstead job watch \(job.identifier)")
            }
            return false
        }
        let follower = JobFollower(
            connection: connection, isQuiet: !isForPeople, timeout: wait.timeout?.duration)
        let final = try await follower.follow(job, title: title)
        let outcome = JobOutcome.make(final, title: title, style: connection.console.style)
        guard outcome.status == .success else {
            connection.console.error(outcome.lines + advice.map { "  " + $0 })
            throw ExitCode(outcome.status.rawValue)
        }
        let warnings = Self.warnings(of: final)
        if !warnings.isEmpty { connection.console.error(warnings) }
        return true
    }

    /// What people should know of a job that is done: it says so below its first line.
    static func warnings(of job: JSONObject) -> [String] {
        TerminalText.safe(job.text("status-message"), keepingLines: true).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("warning: ") }.map { "roadstead: " + $0 }
    }
}

extension OutputOptions {
    /// Neither a program nor a shell's variable takes the answer.
    var isForPeople: Bool { !quiet && output == .table }
}
