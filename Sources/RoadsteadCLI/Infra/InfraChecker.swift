import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// Checks a credential against its service by a job of the server, and says what came out.
struct InfraChecker: Sendable {
    let connection: Connection
    var isQuiet = false

    /// Ends the command with status 4 when the credential is not valid.
    func check(_ credential: ResourceID, name: String) async throws {
        let job = try await runningCheck(of: credential)
        let final = try await JobFollower(connection: connection, isQuiet: isQuiet).follow(job, title: "check \(name)")
        let document = try await connection.client.get(credential)
        let isValid = document.text("status") == "VALID"
        guard !isValid || JobState(final) != .success else { return }
        let reason = final.text("status-message")
        connection.console.error(
            ErrorText.lines(RoadsteadError(.unavailable, "\(name): " + (reason.isEmpty ? "the check failed" : reason))))
        throw ExitCode(CommandStatus.failed.rawValue)
    }

    /// Adding a credential starts a check by itself: that one is followed rather than a second one made.
    private func runningCheck(of credential: ResourceID) async throws(RoadsteadError) -> ResourceID {
        let filter = "action='credential_check' and target-resource/href='\(credential)' and state=['QUEUED','RUNNING']"
        let running = try await connection.client.query("job", ClientQuery(filter: filter, last: 1)).documents.first
        if let id = running?.id { return id }
        return try await connection.client.operation("check", on: credential).requireJob()
    }
}
