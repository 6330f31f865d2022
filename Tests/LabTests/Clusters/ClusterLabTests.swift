import Foundation
import Glibc
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Three bare hosts become a Swarm and are bare again, over kill -9 of the server.
@Suite(.serialized) struct ClusterLabTests {
    static let names = ["cl60", "cl61", "cl62"]

    @Test("bare hosts become a Swarm of three managers that runs an application, and are left with nothing of it")
    func life() async throws {
        try await HostTrial.run(Self.names) { hosts in
            try await ServerProcess.with { server in
                try await server.loginForHTTP()
                let cluster = try await LabCluster.describe(Self.names, managers: 3, on: server, hosts)
                try await cluster.perform("create", killedIn: "prepare")

                let nodes = try await cluster.docker(["node", "ls", "--format", "{{.ManagerStatus}}"])
                #expect(nodes.split(separator: "\n").sorted() == ["Leader", "Reachable", "Reachable"])
                let plan = try await server.send("POST", "\(cluster.id)/plan", [:])
                #expect(plan["changes"] == 0, "\(plan.text())")
                try await deploy(on: cluster)

                let planned = try await server.send("POST", "\(cluster.id)/plan", ["operation": "terminate"])
                let expected = JSONValue.array(planned["removes"]?.arrayValue?.compactMap { $0["id"] } ?? [])
                try await cluster.perform("terminate", killedIn: "remove-machine", ["expected": expected])
                for name in Self.names {
                    let swarm = try await hosts.console(
                        name, "docker info --format '{{.Swarm.LocalNodeState}}' | tr -d '\\n'")
                    #expect(swarm == "inactive", "\(name)")
                    let left = "ls -A /etc/systemd/system/docker.service.d /etc/docker/tls 2>/dev/null || true"
                    #expect(try await hosts.console(name, left) == "", "\(name)")
                }
                #expect(try await server.document(cluster.id)["state"] == "TERMINATED")
                let machines = try await server.document("machine")
                #expect(machines["count"] == 0)
            }
        }
    }

    /// Applications find the cluster by its name.
    private func deploy(on cluster: LabCluster) async throws {
        let (server, lab) = (cluster.server, cluster.hosts.lab)
        _ = try await lab.command("registry", "up", "cl60", "cl61", "cl62")
        let registry = try lab.registry()
        let added = try await server.cli(
            [
                "infra", "add", "registry", "registry", "--endpoint", "https://" + registry.address,
                "--username", registry.user, "--password-stdin", "--ca", lab.tlsFolder + "/ca.pem",
            ], input: registry.password.exposed)
        #expect(added.status == 0, "\(added.transcript)")
        let text = """
            services:
              a: {image: '\(registry.image("busybox:1"))', command: sleep 3600, stop_grace_period: 0s, deploy: {mode: global}}
            """
        try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
        let deployed = try await server.cli(
            ["deploy", "-f", "compose.yml", "--to", "prod", "--name", "hello"], directory: server.folder.path)
        #expect(deployed.status == 0, "\(deployed.transcript)\n\(server.log)")
        let refused = try await server.send("POST", "\(cluster.id)/terminate", [:])
        #expect(refused["status"] == 409 && refused["message"]?.stringValue?.contains("hello") == true)
        let removed = try await server.cli(["deployment", "rm", "hello", "--stop"])
        #expect(removed.status == 0, "\(removed.transcript)")
    }
}
