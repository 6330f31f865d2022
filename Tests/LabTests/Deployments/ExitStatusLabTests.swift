import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// The exit status of `deploy` says how it went, for scripts: one number for each way.
@Suite("Exit statuses of a deployment", .serialized)
struct ExitStatusLabTests {
    private static let good = """
        services:
          web:
            image: IMAGE
            command: sleep 3600
            stop_grace_period: 0s
            deploy:
              restart_policy: {delay: 500ms}
              update_config: {failure_action: rollback, monitor: 3s}
              rollback_config: {monitor: 1s}
        """

    @Test("0 converged, 1 no answer, 2 a wrong file, 3 refused, 4 failed, 5 rolled back, 6 timed out")
    func statuses() async throws {
        try await FolderTrial.run("statuses") { trial in
            try trial.write("compose.yaml", Self.good)
            try await trial.expect(0, "deploy")
            try await trial.expect(1, "deploy", "--server", "http://127.0.0.1:1")
            try await trial.expect(3, "deploy", "--on", "nowhere")

            let wrong = try trial.beside("wrong")
            try wrong.write("compose.yaml", "services:\n  web: {image: IMAGE, replica: 3}\n")
            let misspelt = try await wrong.expect(2, "deploy", "--on", "swarm")
            #expect(misspelt.errors.contains("compose.yaml:2:"), "\(misspelt.transcript)")
            try wrong.write("compose.yaml", "services:\n  web: {image: IMAGE, command: '${WHICH:?say which}'}\n")
            try await wrong.expect(2, "deploy", "--on", "swarm")

            let refused = try trial.beside("refused")
            try refused.write(
                "compose.yaml", "services:\n  web: {image: IMAGE, networks: [out]}\nnetworks: {out: {external: true}}\n"
            )
            try await refused.expect(3, "deploy", "--on", "swarm")

            let failing = try trial.beside("failing")
            try failing.write("compose.yaml", Self.good.replacing("sleep 3600", with: "sh -c 'echo no disk; exit 3'"))
            let failed = try await failing.expect(4, "deploy", "--on", "swarm")
            #expect(failed.errors.contains("no disk"), "\(failed.transcript)")

            let slow = try trial.beside("slow")
            try slow.write(
                "compose.yaml",
                Self.good + "\n    healthcheck: {test: 'false', interval: 1s, start_period: 5m}\n")
            try await slow.expect(6, "deploy", "--on", "swarm", "--timeout", "8s")

            try trial.write("compose.yaml", Self.good.replacing("sleep 3600", with: "sh -c 'echo wrong key; exit 7'"))
            let back = try await trial.expect(5, "deploy")
            #expect(back.errors.contains("rolled back") && back.errors.contains("wrong key"), "\(back.transcript)")
            // The Swarm calls a rollback complete when its monitor time is over, be the task ready by then or not.
            try await LabHosts.required().wait("what ran before runs again", for: .seconds(30)) {
                try await trial.documents("ps").map { $0["state"] } == ["running"]
            }
        }
    }
}
