import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

/// kill -9 of the server at any moment of a deployment: the next server finishes what the last one began, once.
@Suite("A server that is killed", .serialized)
struct ServerCrashLabTests {
    @Test(
        "finishes the deployment after its restart, and makes every task once",
        arguments: [Duration.milliseconds(0), .milliseconds(150), .milliseconds(600), .seconds(2)])
    func resumes(after delay: Duration) async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            let text = """
                services:
                  a: {image: '\(image)', command: sleep 3600, stop_grace_period: 0s, deploy: {replicas: 3}}
                  b: {image: '\(image)', command: sleep 3600, stop_grace_period: 0s, configs: [c]}
                configs: {c: {file: ./c.txt}}
                """
            try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            try "content".write(toFile: server.folder.file("c.txt"), atomically: true, encoding: .utf8)
            let begun = try await server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "crash", "--detach", "-o", "json"],
                directory: server.folder.path)
            #expect(begun.status == 0, "\(begun.transcript)")
            let deployment = try JSONValue.parse(begun.output)
            let job = try #require(deployment["job"]?.stringValue)
            try await Task.sleep(for: delay)

            server.kill(SIGKILL)
            try await server.start()

            let watched = try await server.cli(["job", "watch", job])
            #expect(watched.status == 0, "killed after \(delay): \(watched.transcript)\n\(server.log)")
            let shown = try await server.cli(["deployment", "show", "crash", "-o", "json"])
            #expect(try JSONValue.parse(shown.output)["state"]?.stringValue == "STARTED", "\(shown.transcript)")

            let stack = try #require(ResourceID(deployment["id"]?.stringValue ?? "")).identifier
            let label = ["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]]
            let tasks = try await lab.withEngine { try await $0.tasks(label) }
            #expect(tasks.count == 4, "killed after \(delay): \(tasks.map(\.status))")
            #expect(tasks.allSatisfy { $0.status.state == .running })
            let removed = try await server.cli(["deployment", "rm", "crash", "--stop"])
            #expect(removed.status == 0, "\(removed.transcript)")
            let left = try await lab.withEngine { try await $0.services(label) }
            #expect(left.isEmpty)
        }
    }

    @Test("ends in good order at SIGTERM in the middle of a deployment, and resumes it too")
    func terminates() async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            let text = "services:\n  a: {image: '\(image)', command: sleep 3600, stop_grace_period: 0s}\n"
            try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            let begun = try await server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "term", "--detach", "-o", "json"],
                directory: server.folder.path)
            let job = try #require(try JSONValue.parse(begun.output)["job"]?.stringValue)
            try await Task.sleep(for: .seconds(1))
            server.kill(SIGTERM)
            try await server.start()
            let watched = try await server.cli(["job", "watch", job])
            #expect(watched.status == 0, "\(watched.transcript)\n\(server.log)")
            let removed = try await server.cli(["deployment", "rm", "term", "--stop"])
            #expect(removed.status == 0, "\(removed.transcript)")
        }
    }
}
