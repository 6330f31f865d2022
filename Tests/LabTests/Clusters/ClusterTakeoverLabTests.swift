import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// A host that runs containers of somebody's becomes a cluster, and leaves it again.
@Suite("Hosts in use become clusters", .serialized, .timeLimit(.minutes(5)))
struct ClusterTakeoverLabTests {
    /// One that the engine would start again, and one that would be gone.
    private static let containers = """
        set -e
        mkdir -p /root/box/bin && cp /usr/bin/busybox /root/box/bin/
        tar -C /root/box -c . | docker import - box >/dev/null
        docker run -d --name web -p 8080:80 box /bin/busybox httpd -f -p 80 >/dev/null
        docker run -d --name db --restart always box /bin/busybox sleep 100000 >/dev/null
        """
    private static let processes = "docker inspect --format '{{.Name}} {{.State.Pid}} {{.State.StartedAt}}' web db"

    @Test("A host's containers run through its adoption and its release, and the plan has said so")
    func adoption() async throws {
        try await HostTrial.runWithDocker("rc75") { hosts in
            try await hosts.console("rc75", Self.containers)
            let before = try await hosts.console("rc75", Self.processes)
            try await ServerProcess.with { server in
                let trial = ClusterTrial(server: server, hosts: hosts, docker: server.folder.file("docker"))
                try await adopt(trial)
                #expect(try await hosts.console("rc75", Self.processes) == before)
                try await use(trial)
                let settings = try await hosts.console("rc75", "cat /etc/docker/daemon.json")
                #expect(!settings.contains("live-restore"), "\(settings)")
                try await trial.expect(0, "cluster", "terminate", "lab", "--yes")
                #expect(try await hosts.console("rc75", Self.processes) == before)
            }
        }
    }

    private func adopt(_ trial: ClusterTrial) async throws {
        let address = try trial.address("rc75")
        let create = ["cluster", "create", "lab", "--ssh-key", trial.key, "--host", "debian@\(address)"]
        let refused = try await trial.cli(create + ["--yes"])
        #expect(refused.status == 4 && refused.errors.contains("runs 2 containers"), "\(refused.transcript)")
        try await trial.expect(0, "cluster", "create", "lab", "--undo", "--yes")
        let unasked = try await trial.cli(create + ["--adopt"])
        let words = "engine is restarted once; its 2 containers run on meanwhile (db, web)"
        #expect(unasked.status == 2 && unasked.output.contains(words), "\(unasked.transcript)")
        #expect(try await trial.expect(0, "cluster", "ls", "-q").output == "")
        let made = try await trial.cli(create + ["--adopt", "--yes"])
        #expect(made.status == 0 && made.output.contains(words), "\(made.transcript)\n\(trial.server.log.suffix(3000))")
    }

    private func use(_ trial: ClusterTrial) async throws {
        try await trial.expect(0, "cluster", "context", "lab")
        let nodes = try await trial.docker("roadstead-lab", "node", "ls", "--format", "{{.Status}}")
        #expect(nodes.output == "Ready\n", "\(nodes.transcript)")
        let names = try await trial.docker("roadstead-lab", "ps", "--format", "{{.Names}}")
        #expect(names.output.split(separator: "\n").sorted() == ["db", "web"], "\(names.transcript)")
        let page = try await Program.run(
            "/usr/bin/curl",
            ["-s", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", "http://\(try trial.address("rc75")):8080/"])
        #expect(page.output == "404")
        let again = try await trial.expect(0, "cluster", "plan", "lab")
        #expect(again.output.contains("no changes"), "\(again.transcript)")
    }
}
