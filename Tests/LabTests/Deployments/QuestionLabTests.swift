import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Whether `deploy` asks before it takes something away, on a real terminal.
@Suite("The question of a deployment", .serialized)
struct QuestionLabTests {
    private static let compose = "services: {web: {image: IMAGE, command: sleep 3600, stop_grace_period: 0s}}"
    private static let question = "Go on? [y/N]"

    @Test("a terminal is asked before tasks are replaced: n changes nothing and ends with 3, y deploys")
    func asked() async throws {
        try await FolderTrial.run("asked") { trial in
            try trial.write("compose.yaml", Self.compose)
            let first = try await terminal(trial, "deploy --on swarm", typed: "")
            #expect(first.status == 0 && first.output.contains("+ service"), "\(first.transcript)")
            #expect(!first.output.contains(Self.question), "what only adds is not asked about")
            try trial.write("compose.yaml", Self.compose.replacing("3600", with: "3601"))
            let before = try await standing(trial)
            for answer in ["n\n", "\n", ""] {
                let refused = try await terminal(trial, "deploy", typed: answer)
                #expect(refused.status == 3 && refused.output.contains(Self.question), "\(refused.transcript)")
                #expect(refused.output.contains("nothing was changed"), "\(refused.transcript)")
                #expect(try await standing(trial) == before)
            }
            let agreed = try await terminal(trial, "deploy", typed: "y\n")
            #expect(agreed.status == 0 && agreed.output.contains(Self.question), "\(agreed.transcript)")
            #expect(try await trial.documents("history").count == 2)
        }
    }

    @Test("input that is no terminal is never asked nor waited for, be it open and silent; --yes asks no terminal")
    func notAsked() async throws {
        try await FolderTrial.run("not-asked") { trial in
            try trial.write("compose.yaml", Self.compose)
            try await trial.expect(0, "deploy", "--on", "swarm")
            // Opened for both directions it never ends, and nobody ever writes to it.
            let silent = trial.path + "/silent"
            #expect(mkfifo(silent, 0o600) == 0)
            for (number, command) in ["deploy <>\(silent)", "deploy --yes"].enumerated() {
                try trial.write("compose.yaml", Self.compose.replacing("3600", with: "360\(number + 1)"))
                let done = try await terminal(trial, command, typed: "")
                #expect(done.status == 0 && !done.output.contains(Self.question), "\(command): \(done.transcript)")
                #expect(try await trial.documents("history").count == number + 2)
            }
        }
    }

    private func terminal(_ trial: FolderTrial, _ command: String, typed: String) async throws -> ProgramResult {
        try await trial.server.terminal(command, typed: typed, directory: trial.path)
    }

    /// All that a deployment would change: its tasks, its document, the application's versions.
    private func standing(_ trial: FolderTrial) async throws -> [JSONValue?] {
        let shown = try await trial.expect(0, "deployment", "show", "asked", "-o", "json")
        let tasks = try await trial.documents("ps")
        let document = try JSONValue.parse(shown.output)
        return [document["module"], document["revision"], document["state"]] + tasks.map { $0["id"] }
    }
}
