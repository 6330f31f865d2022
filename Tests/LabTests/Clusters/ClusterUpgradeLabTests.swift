import Foundation
import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Three hosts with Docker's own packages, of a repository of the lab (`Lab/docker-packages`), whose engines are changed.
@Suite("Engines are upgraded under a service that runs", .serialized, .timeLimit(.minutes(10)))
struct ClusterUpgradeLabTests {
    private static let names = ["rc75", "rc76", "rc77"]

    @Test("every engine is another one after a kill -9 in the midst, and the service was never without a container")
    func life() async throws {
        try await HostTrial.run(Self.names) { hosts in
            let settings = try await packages(hosts)
            try await ServerProcess.with(settings: settings) { server in
                try await server.loginForHTTP()
                let cluster = try await LabCluster.describe(
                    Self.names, managers: 1, on: server, hosts,
                    ["engine": ["packages": "docker", "version": "20.10.24"]])
                try await cluster.perform("create")
                #expect(try await engines(cluster) == Array(repeating: "20.10.24+dfsg1 Active", count: 3))
                try await serve(cluster)
                try await upgrade(cluster)
                try await distrust(hosts, settings["ROADSTEAD_DOCKER_PACKAGES"] ?? "")
                try await renew(cluster)
                try await remove(cluster)
            }
            try await hosts.lab.command("docker-packages", "down")
        }
    }

    /// What a server is started with.
    private func packages(_ hosts: HostTrial) async throws -> [String: String] {
        try await hosts.lab.command("docker-packages", "up")
        let lines = try await hosts.lab.command("docker-packages", "env").split(separator: "\n")
        let pairs = lines.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }.filter { $0.count == 2 }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    private func engines(_ cluster: LabCluster) async throws -> [String] {
        let nodes = try await cluster.docker(["node", "ls", "--format", "{{.EngineVersion}} {{.Availability}}"])
        return nodes.split(separator: "\n").map(String.init).sorted()
    }

    /// Two replicas: on three nodes each drain finds another node for one of them. The image is one that
    /// each host makes of its own files.
    private func serve(_ cluster: LabCluster) async throws {
        let files = "bin/sleep lib64/ld-linux-x86-64.so.2 lib/x86_64-linux-gnu/libc.so.6"
        for name in Self.names {
            try await cluster.hosts.console(name, "tar -C / -ch \(files) | docker import - sleeper >/dev/null")
        }
        _ = try await cluster.docker([
            "service", "create", "-d", "--no-resolve-image", "--name", "web", "--replicas", "2",
            "--stop-grace-period", "1s", "sleeper", "/bin/sleep", "86399",
        ])
        try await until("both replicas run") {
            try await Task.sleep(for: .milliseconds(300))
            return try await containers(cluster.hosts) == 2
        }
    }

    /// On all hosts together, seen at their consoles: a manager whose engine starts anew answers nobody.
    private func containers(_ hosts: HostTrial) async throws -> Int {
        var count = 0
        for name in Self.names {
            count += Int(try await hosts.console(name, "pgrep -fc '^/bin/sleep 86399' || true").filter(\.isNumber)) ?? 0
        }
        return count
    }

    private func upgrade(_ cluster: LabCluster) async throws {
        let document = try await cluster.server.document(cluster.id)
        let current = try #require(document["specification"]?.objectValue)
        let wanted = current.merging(["engine": ["packages": "docker", "version": "20.10.25"]])
        _ = try await cluster.server.send("PUT", cluster.id, ["specification": .object(wanted)])
        let fewest = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var fewest = 2
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(300))
                    if let count = try? await containers(cluster.hosts) { fewest = min(fewest, count) }
                }
                return fewest
            }
            try await cluster.perform("upgrade", killedIn: "upgrade")
            group.cancelAll()
            return try await group.next() ?? 0
        }
        #expect(fewest > 0, "the service always had a container")
        #expect(try await engines(cluster) == Array(repeating: "20.10.25+dfsg1 Active", count: 3))
        for name in Self.names {
            #expect(try await cluster.hosts.console(name, "dockerd --version").contains("20.10.25"), "\(name)")
        }
        let again = try await cluster.server.cli(["cluster", "upgrade", "prod", "--yes"])
        #expect(again.status == 0 && again.output.contains("no changes"), "\(again.transcript)")
    }

    /// A repository whose key is not the one of the fingerprint gets nothing onto a host.
    private func distrust(_ hosts: HostTrial, _ url: String) async throws {
        var wishes = EngineWishes(version: "20.10.24")
        wishes.packages = .docker(
            try PackageRepository(url: url, fingerprint: PackageRepository.docker.fingerprint))
        let login = try await hosts.login("rc77")
        let error = await #expect(throws: RemoteHostError.self) {
            try await RemoteHost.with(login) { host in
                _ = try await host.fetch(EngineChange(try await host.facts(), wishes: wishes, host: "rc77"))
            }
        }
        #expect(error?.message.contains("not trusted") == true, "\(error?.message ?? "")")
        #expect(try await hosts.console("rc77", "ls /etc/apt/sources.list.d") == "")
    }

    /// The engine serves another certificate; those who know the authority come in as before.
    private func renew(_ cluster: LabCluster) async throws {
        func certificate() async throws -> String {
            try await cluster.hosts.console("rc76", "sha256sum /etc/docker/tls/server.pem")
        }
        let before = try await certificate()
        let renewed = try await cluster.server.cli(["machine", "regenerate-certs", "prod-2", "--yes"])
        #expect(renewed.status == 0, "\(renewed.transcript)\n\(cluster.server.log.suffix(3000))")
        #expect(try await certificate() != before)
        let status = try await cluster.server.cli(["machine", "status", "prod-2"])
        #expect(status.output == "Running\n", "\(status.transcript)")
    }

    private func remove(_ cluster: LabCluster) async throws {
        let removed = try await cluster.server.cli(["machine", "rm", "prod-2", "-y"])
        #expect(removed.status == 0, "\(removed.transcript)\n\(cluster.server.log.suffix(3000))")
        #expect(removed.output.contains("now asks for 1 manager and 1 worker."), "\(removed.transcript)")
        #expect(try await engines(cluster) == Array(repeating: "20.10.25+dfsg1 Active", count: 2))
        let plan = try await cluster.server.cli(["cluster", "plan", "prod"])
        #expect(plan.output.contains("no changes"), "\(plan.transcript)")
    }
}
