import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

@Suite("A hundred deployments on one Swarm", .serialized)
struct ManyDeploymentsLabTests {
    private static let count = 100

    /// Their tasks use the hosts' own network: a hundred overlay networks on one kernel are another test.
    private static func compose(_ image: String) -> String {
        """
        services:
          a: {image: '\(image)', command: sleep 3600, stop_grace_period: 0s, networks: [host]}
        networks: {host: {external: true, name: host}}
        """
    }

    private func states(_ server: ServerProcess) async throws -> [String: Int] {
        let listed = try await server.cli(["deployment", "ls", "-o", "json"])
        let states = try JSONValue.parse(listed.output).arrayValue?.compactMap { $0["state"]?.stringValue } ?? []
        return states.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    @Test("all come up, each its own; a bulk request stops them and another removes them, and nothing is left")
    func hundred() async throws {
        let lab = try LabHosts.required()
        let text = Self.compose(try lab.registry().image("busybox:1"))
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            try await server.loginForHTTP()
            try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<4 {
                    group.addTask {
                        for number in stride(from: part, to: Self.count, by: 4) {
                            let begun = try await server.cli(
                                [
                                    "deploy", "-f", "compose.yml", "--on", "swarm", "--name", "many-\(number)",
                                    "--detach",
                                ],
                                directory: server.folder.path)
                            #expect(begun.status == 0, "\(begun.transcript)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await lab.wait("all are started", for: .seconds(400)) {
                try await states(server) == ["STARTED": Self.count]
            }
            let running = try await lab.withEngine { engine in
                try await engine.tasks(["label": [DesiredStack.namespaceLabel], "desired-state": ["running"]])
            }
            #expect(running.count { $0.status.state == .running } == Self.count)

            try await bulk("bulk-stop", "state='STARTED'", server)
            do {
                try await lab.wait("all are stopped", for: .seconds(300)) {
                    try await states(server) == ["STOPPED": Self.count]
                }
            } catch {
                // Once one of a hundred was not stopped, and nothing told why.
                let jobs = try await server.cli(["api", "get", "job?filter=state!='SUCCESS'"])
                Issue.record("\(try await states(server)); \(jobs.output)")
                throw error
            }
            try await bulk("bulk-delete", "state='STOPPED'", server)
            try await lab.wait("all are removed", for: .seconds(60)) { try await states(server).isEmpty }
            let left = try await lab.withEngine { try await $0.services(["label": [DesiredStack.namespaceLabel]]) }
            #expect(left.isEmpty, "\(left.compactMap(\.spec.name))")
        }
    }

    private func bulk(_ action: String, _ filter: String, _ server: ServerProcess) async throws {
        let answer = try await server.http(
            "deployment/\(action)",
            [
                "-X", "PATCH", "-H", "bulk: yes", "-H", "Content-Type: application/json", "-d",
                "{\"filter\":\"\(filter)\"}",
            ])
        #expect(answer.status == 202, "\(answer.body)")
    }
}
