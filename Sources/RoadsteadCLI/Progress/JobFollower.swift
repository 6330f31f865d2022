import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// Follows a job to its end on the screen.
struct JobFollower: Sendable {
    let connection: Connection
    var isQuiet = false
    /// How long is watched; nil means until the end. The job itself goes on.
    var timeout: Duration?

    /// Answers the final document. Throws timeout when it took longer than allowed.
    func follow(_ job: ResourceID, title: String) async throws -> JSONObject {
        let screen = ProgressScreen(console: connection.console, title: title, isQuiet: isQuiet)
        let notice = InterruptNotice {
            "roadstead: \(title) goes on at the server; watch it by: roadstead job watch \(job.identifier)"
        }
        defer { withExtendedLifetime(notice) {} }
        return try await withThrowingTaskGroup(of: JSONObject?.self) { group in
            group.addTask {
                try await connection.client.watchJob(job) { await screen.show(JobProgress($0)) }
            }
            group.addTask {
                await screen.animate()
                return nil
            }
            if let timeout { group.addTask { try await expire(job, title, after: timeout) } }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let final = result { return final }
            }
            throw CancellationError()
        }
    }

    /// The same, and ends the command with the job's exit status unless it went well.
    @discardableResult
    func complete(_ job: ResourceID, title: String) async throws -> JSONObject {
        let final = try await follow(job, title: title)
        let outcome = JobOutcome.make(final, title: title, style: connection.console.style)
        guard outcome.status == .success else {
            connection.console.error(outcome.lines)
            throw ExitCode(outcome.status.rawValue)
        }
        return final
    }

    private func expire(_ job: ResourceID, _ title: String, after timeout: Duration) async throws -> JSONObject? {
        try await connection.clock.sleep(for: timeout)
        throw RoadsteadError(
            .timeout,
            "\(title): not finished within \(timeout.components.seconds) s; it goes on at the server, see "
                + "`roadstead job watch \(job.identifier)`")
    }
}
