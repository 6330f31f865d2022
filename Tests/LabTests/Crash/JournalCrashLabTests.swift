import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

/// kill -9 at every step that the journals of deploy, update, rollback and stop know: the next server brings each of them to
/// a legal end, and nothing is left over.
@Suite("A server that is killed at a step of its journal", .serialized)
struct JournalCrashLabTests {
    /// What is done, and the step in which the server dies.
    private struct Trial: Hashable {
        let operation: String
        let step: String
        let state: String

        init(_ operation: String, _ step: String, _ state: String = "STARTED") {
            (self.operation, self.step, self.state) = (operation, step, state)
        }
    }

    private static let trials =
        ["plan", "apply", "watch", "prune"].map { Trial("update", $0) }
        + ["choose", "plan", "apply", "watch"].map { Trial("rollback", $0) }
        + ["plan", "apply", "watch"].flatMap { [Trial("stop", "remove", "STOPPED"), Trial("start", $0)] }

    /// The server, the deployment, and how often it was updated.
    private struct Stage {
        let server: ServerProcess
        let lab: LabHosts
        let id: String
        var updates = 0
    }

    @Test("ends what it was doing, once, and leaves nothing over")
    func everyStep() async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            try await server.loginForHTTP()
            let text = """
                x-quick: &quick {image: '\(image)', command: sleep 3600, stop_grace_period: 0s}
                services:
                  a: {<<: *quick, environment: ['N=$N'], configs: [c], deploy: {update_config: {monitor: 1s}}}
                  b: {<<: *quick, deploy: {replicas: 2, update_config: {monitor: 1s}}}
                configs: {c: {content: 'n=$N'}}
                """
            try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            let deployed = try await server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "crash", "--env", "N=0", "-o", "json"],
                directory: server.folder.path)
            try #require(deployed.status == 0, "\(deployed.transcript)\n\(server.log)")
            let id = try #require(try JSONValue.parse(deployed.output)["id"]?.stringValue)
            var stage = Stage(server: server, lab: lab, id: id)
            // Before the fourth content there is no old one to be pruned.
            for _ in 0..<3 { _ = try await run(Trial("update", "none"), &stage) }
            try await runAll(&stage)
            let removed = try await server.cli(["deployment", "rm", "crash", "--stop"])
            #expect(removed.status == 0, "\(removed.transcript)")
            try await expectNothing(of: id, lab)
        }
    }

    /// Until the server has died in each of the steps: a job may be quicker than who watches it.
    private func runAll(_ stage: inout Stage) async throws {
        var missing = Set(Self.trials)
        for _ in 0..<5 where !missing.isEmpty {
            let stopped = missing.contains { $0.operation == "stop" || $0.operation == "start" }
            for trial in Self.trials where missing.contains(trial) || (stopped && trial.state == "STOPPED") {
                if try await run(trial, &stage) { missing.remove(trial) }
                if trial.state == "STOPPED", !missing.contains(where: { $0.operation == "start" }) {
                    _ = try await run(Trial("start", "none"), &stage)
                }
            }
        }
        #expect(missing.isEmpty, "the server never died there")
    }

    /// False when the job was faster than the kill.
    private func run(_ trial: Trial, _ stage: inout Stage) async throws -> Bool {
        let (server, id) = (stage.server, stage.id)
        let before = try await server.document(id)
        if trial.operation == "start", before["state"]?.stringValue != "STOPPED" {
            _ = try await run(Trial("stop", "none", "STOPPED"), &stage)
        }
        if trial.operation == "update" {
            stage.updates += 1
            let value: JSONValue = [
                "environmental-variables": [["name": "N", "value": .string("\(stage.updates)")]]
            ]
            let edited = try await server.send("PUT", id, ["module": ["content": value]])
            #expect(edited["id"] != nil, "\(edited.text())")
        }
        let begun = try await server.send("POST", "\(id)/\(trial.operation)", [:])
        let job = try #require(begun["location"]?.stringValue, "\(trial): \(begun.text())")
        let isKilled = try await server.kill(whenJob: job) { document in
            document["steps"]?.arrayValue?.contains { $0["name"]?.stringValue == trial.step } == true
        }
        let ended = try await server.end(ofJob: job)
        #expect(
            ended["state"] == "SUCCESS", "\(trial), killed: \(isKilled): \(ended.text())\n\(server.log.suffix(2000))")
        try await check(trial, before: before, stage)
        return isKilled
    }

    private func check(_ trial: Trial, before: JSONValue, _ stage: Stage) async throws {
        let after = try await stage.server.document(stage.id)
        #expect(after["state"]?.stringValue == trial.state, "\(trial)")
        let revisions = (after["revision"]?.integerValue ?? 0) - (before["revision"]?.integerValue ?? 0)
        if trial.state == "STOPPED" {
            #expect(revisions == 0, "\(trial)")
            return try await expectNothing(of: stage.id, stage.lab)
        }
        #expect(revisions == 1, "\(trial): one revision for a job, however often it was begun")
        let label = try label(stage.id)
        let services = try await stage.lab.withEngine { try await $0.services(label) }
        let tasks = try await stage.lab.withEngine { try await $0.tasks(label) }
        let configs = try await stage.lab.withEngine { try await $0.configs(label) }
        #expect(services.count == 2)
        #expect(tasks.count { $0.desiredState == .running && $0.status.state == .running } == 3, "\(trial)")
        #expect(configs.count <= 4, "\(trial): the current content and the last three")
        if trial.operation == "update" {
            let environment = services.compactMap { $0.spec.taskTemplate.containerSpec?.env }.flatMap { $0 }
            #expect(environment.contains("N=\(stage.updates)"), "\(environment)")
        }
    }

    private func label(_ id: String) throws -> EngineFilters {
        let stack = try #require(ResourceID(id)).identifier
        return ["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]]
    }

    private func expectNothing(of id: String, _ lab: LabHosts) async throws {
        let label = try label(id)
        let services = try await lab.withEngine { try await $0.services(label) }
        let tasks = try await lab.withEngine { try await $0.tasks(label) }
        let networks = try await lab.withEngine { try await $0.networks(label) }
        let configs = try await lab.withEngine { try await $0.configs(label) }
        #expect(services.isEmpty && networks.isEmpty && configs.isEmpty)
        #expect(tasks.allSatisfy { $0.status.state.isTerminal })
    }
}
