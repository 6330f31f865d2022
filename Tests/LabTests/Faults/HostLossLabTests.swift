import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

/// Hosts that lose power while a deployment is under way: the verdict is what is true on the Swarm in the end.
@Suite("A host that loses power", .serialized)
struct HostLossLabTests {
    private static func compose(_ image: String, version: Int) -> String {
        """
        services:
          web:
            image: '\(image)'
            command: sleep 36\(version)
            stop_grace_period: 0s
            deploy: {replicas: 6, update_config: {parallelism: 1, delay: 2s, monitor: 2s}}
        """
    }

    /// Begins a deployment in the background; gives its stack and its job.
    private func begin(
        _ server: ServerProcess, _ text: String, timeout: String = "5m"
    ) async throws -> (stack: String, job: String) {
        try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
        let begun = try await server.cli(
            [
                "deploy", "-f", "compose.yml", "--on", "swarm", "--name", "loss", "--timeout", timeout, "--detach",
                "-o", "json",
            ],
            directory: server.folder.path)
        guard begun.status == 0 else { throw RoadsteadError(.internal, begun.transcript) }
        let deployment = try JSONValue.parse(begun.output)
        let id = try #require(ResourceID(deployment["id"]?.stringValue ?? ""))
        return (id.identifier, try #require(deployment["job"]?.stringValue))
    }

    /// Deploys until it has converged. A host that comes back reports the tasks that it took with it as failed, and the
    /// Swarm then pauses an update that was waiting for them: the verdict says so, and the next deployment goes on with it.
    private func converge(_ server: ServerProcess, _ text: String) async throws {
        for _ in 0..<3 {
            let begun = try await begin(server, text)
            let ended = try await server.cli(["job", "watch", begun.job], timeout: .seconds(200))
            if ended.status == 0 { return }
            #expect(ended.status == 4 && ended.transcript.contains("paused by the Swarm"), "\(ended.transcript)")
        }
        Issue.record("three deployments, and the update is still paused")
    }

    private func running(_ stack: String, _ client: EngineClient) async throws -> [SwarmTask] {
        try await client.tasks(["label": ["\(DesiredStack.namespaceLabel)=\(stack)"], "desired-state": ["running"]])
            .filter { $0.status.state == .running }
    }

    @Test(
        "a worker in the middle of a rolling update: nothing is said to be done that is not, and with the host it goes on"
    )
    func worker() async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            let first = try await begin(server, Self.compose(image, version: 1))
            let up = try await server.cli(["job", "watch", first.job])
            try #require(up.status == 0, "\(up.transcript)")
            let update = try await begin(server, Self.compose(image, version: 2), timeout: "40s")
            try await lab.wait("the update is under way") {
                let services = try await lab.withEngine { try await $0.services(["name": [first.stack + "_web"]]) }
                return services.first?.updateStatus?.state == "updating"
            }
            try await lab.command("lab", "kill", "h3")
            // The Swarm's updater waits for the task that the host took with it, for as long as the host is away.
            let ended = try await server.cli(["job", "watch", update.job], timeout: .seconds(200))
            #expect([0, 6].contains(ended.status), "\(ended.transcript)\n\(server.log.suffix(4000))")
            let tasks = try await lab.withEngine { try await running(first.stack, $0) }
            let isDone = tasks.count(where: { $0.spec?.containerSpec?.args == ["sleep", "362"] }) == 6
            #expect(isDone || ended.status == 6, "\(ended.transcript)")

            try await lab.revive("h3")
            try await converge(server, Self.compose(image, version: 2))
            let now = try await lab.withEngine { try await running(first.stack, $0) }
            #expect(now.count(where: { $0.spec?.containerSpec?.args == ["sleep", "362"] }) == 6)
            let removed = try await server.cli(["deployment", "rm", "loss", "--stop"])
            #expect(removed.status == 0, "\(removed.transcript)")
            let label = ["label": ["\(DesiredStack.namespaceLabel)=\(first.stack)"]]
            #expect(try await lab.withEngine { try await $0.services(label) }.isEmpty)
        }
    }

    @Test("the leader of three managers during a deployment: the others elect one, and the deployment goes on")
    func leader() async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await lab.setRole("manager", of: "h2")
        try await lab.setRole("manager", of: "h3")
        try await ServerProcess.with { server in
            // Through a manager that stays.
            try await server.addLab(lab, manager: "h2")
            let begun = try await begin(server, Self.compose(image, version: 1))
            try await lab.command("lab", "kill", "h1")
            let ended = try await server.cli(["job", "watch", begun.job], timeout: .seconds(400))
            #expect(ended.status == 0, "\(ended.transcript)\n\(server.log.suffix(4000))")
            let lost = try await lab.node("h1", seenFrom: "h2").id
            let tasks = try await lab.withEngine("h2") { try await running(begun.stack, $0) }
            #expect(tasks.count(where: { $0.nodeID != lost }) == 6)

            try await lab.revive("h1", seenFrom: "h2")
            let removed = try await server.cli(["deployment", "rm", "loss", "--stop"])
            #expect(removed.status == 0, "\(removed.transcript)")
        }
        try await lab.wait("h1 is a manager that others reach") {
            try await lab.node("h1").managerStatus?.reachability == "reachable"
        }
        try await lab.setRole("worker", of: "h2")
        try await lab.setRole("worker", of: "h3")
    }
}
