import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

/// kill -9 while a volume is made anew, before and after the services and the volume are gone: the next server ends it.
@Suite("A server that is killed while a volume is made anew", .serialized)
struct VolumeCrashLabTests {
    /// Names of steps, and beginnings of what the job says in the midst of `apply`: the service is removed, so is a volume.
    private static let marks = ["plan", "apply", "waiting for", "removed volume", "watch"]
    private static let hosts = ["h1", "h2", "h3"]

    @Test("has it on every node as the file says, and everything runs")
    func everyMark() async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            try await server.loginForHTTP()
            let text = """
                services:
                  a:
                    {image: '\(image)', command: sleep 3600, stop_grace_period: 0s, volumes: ['data:/data'], deploy: {replicas: 2}}
                volumes: {data: {driver_opts: {type: tmpfs, device: tmpfs, o: 'size=${N}m'}}}
                """
            try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            let deployed = try await server.cli(
                [
                    "deploy", "-f", "compose.yml", "--to", "swarm", "--name", "volumecrash", "--env", "N=1", "-o",
                    "json",
                ],
                directory: server.folder.path)
            try #require(deployed.status == 0, "\(deployed.transcript)\n\(server.log)")
            let id = try #require(try JSONValue.parse(deployed.output)["id"]?.stringValue)
            var number = 1
            var missing = Self.marks
            for _ in 0..<5 where !missing.isEmpty {
                for mark in missing {
                    number += 1
                    if try await run(number, of: id, killedAt: mark, server, lab) { missing.removeAll { $0 == mark } }
                }
            }
            #expect(missing.isEmpty, "the server never died there")
            let removed = try await server.cli(["deployment", "stop", "volumecrash", "--volumes"])
            #expect(removed.status == 0, "\(removed.transcript)")
            #expect(try await copies(of: id, lab).isEmpty)
        }
    }

    /// False when the job was faster than the kill.
    private func run(
        _ number: Int, of id: String, killedAt mark: String, _ server: ServerProcess, _ lab: LabHosts
    ) async throws -> Bool {
        let module: JSONValue = [
            "content": ["environmental-variables": [["name": "N", "value": .string("\(number)")]]]
        ]
        _ = try await server.send("PUT", id, ["module": module])
        let begun = try await server.send("POST", "\(id)/update", ["recreate": ["data"]])
        let job = try #require(begun["location"]?.stringValue, "\(begun.text())")
        let isKilled = try await server.kill(whenJob: job) { document in
            let names = document["steps"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
            return names.contains(mark) || document["status-message"]?.stringValue?.hasPrefix(mark) == true
        }
        let ended = try await server.end(ofJob: job)
        #expect(
            ended["state"] == "SUCCESS", "\(mark), killed: \(isKilled): \(ended.text())\n\(server.log.suffix(2000))")
        let options = try await copies(of: id, lab).map { $0.options?["o"] }
        #expect(!options.isEmpty && options.allSatisfy { $0 == "size=\(number)m" }, "\(mark): \(options)")
        let label = try label(id)
        let tasks = try await lab.withEngine { try await $0.tasks(label) }
        #expect(tasks.count { $0.desiredState == .running && $0.status.state == .running } == 2, "\(mark)")
        return isKilled
    }

    private func label(_ id: String) throws -> EngineFilters {
        ["label": ["\(DesiredStack.namespaceLabel)=\(try #require(ResourceID(id)).identifier)"]]
    }

    private func copies(of id: String, _ lab: LabHosts) async throws -> [Volume] {
        let label = try label(id)
        var copies: [Volume] = []
        for host in Self.hosts { copies += try await lab.withEngine(host) { try await $0.volumes(label) } }
        return copies
    }
}
