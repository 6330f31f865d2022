import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("The commands of clusters and machines", .serialized, .timeLimit(.minutes(15)))
struct ClusterCommandLabTests {
    @Test("A Swarm of bare hosts is made, used, changed and ended by command")
    func life() async throws {
        try await ClusterTrial.run(["rc71", "rc72", "rc73"]) { trial in
            let hosts = try ["rc71", "rc72", "rc73"].map { try trial.address($0) }
            try await make(trial, hosts)
            try await useDocker(trial, hosts)
            try await enterMachines(trial, hosts)
            try await deploy(trial)
            try await power(trial)
            try await scale(trial, hosts)
            try await terminate(trial)
        }
    }

    private func make(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        let create = [
            "cluster", "create", "lab", "--ssh-key", trial.key, "--managers", "1", "--host", "debian@\(hosts[0])",
            "--host", hosts[1],
        ]
        let unasked = try await trial.cli(create)
        #expect(unasked.status == 2 && unasked.errors.contains("--yes"), "\(unasked.transcript)")
        let made = try await trial.cli(create + ["--yes"])
        #expect(made.status == 0, "\(made.transcript)\n\(trial.server.log.suffix(3000))")
        #expect(made.output.contains("+ machine lab-1 (manager; host \(hosts[0]):22)"))
        #expect(made.output.contains("Engine:  https://\(hosts[0]):2376"))
        let again = try await trial.cli(create + ["--yes"])
        #expect(again.status == 0 && again.output.contains("nothing to do"), "\(again.transcript)")
        #expect(try await trial.expect(0, "cluster", "plan", "lab").output.contains("no changes"))
        let other = try await trial.cli(create + ["--autolock", "--yes"])
        #expect(
            other.status == 3 && other.errors.contains("autolock: no -> yes")
                || other.errors.contains("autolock: false -> true"))
    }

    private func useDocker(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        try await trial.expect(0, "cluster", "context", "lab")
        let nodes = try await trial.docker("roadstead-lab", "node", "ls", "--format", "{{.Status}}")
        #expect(nodes.status == 0 && nodes.output == "Ready\nReady\n", "\(nodes.transcript)")
        let listed = try await trial.docker("roadstead-lab", "context", "ls", "--format", "{{.Name}}")
        #expect(listed.output.contains("roadstead-lab"))
        let shell = "eval \"$(\(Program.roadstead) machine env lab-2)\"; docker info --format '{{.Swarm.NodeAddr}}'"
        let info = try await Program.run(
            "/bin/sh", ["-c", shell],
            environment: [
                "XDG_CONFIG_HOME": trial.server.folder.path, "DOCKER_API_VERSION": "1.41",
                "DOCKER_CONFIG": trial.docker,
            ])
        #expect(info.output == hosts[1] + "\n", "\(info.transcript)")
    }

    private func enterMachines(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        #expect(
            try await trial.expect(0, "machine", "ip", "lab-1", "lab-2").output == hosts[0] + "\n" + hosts[1] + "\n")
        #expect(try await trial.expect(0, "machine", "url", "lab-1").output == "tcp://\(hosts[0]):2376\n")
        let lines = try await trial.expect(0, "machine", "ls").output.split(separator: "\n")
        #expect(
            lines.first?.split(separator: " ") == [
                "NAME", "ACTIVE", "DRIVER", "STATE", "URL", "SWARM", "DOCKER", "ERRORS",
            ])
        #expect(lines.last?.contains("lab-2  -       generic  Running") == true)
        let plain = try await trial.expect(7, "machine", "ssh", "lab-1", "id -un; exit 7")
        #expect(plain.output == "debian\n")
        let root = try await trial.server.cli(
            ["machine", "ssh", "lab-1", "--", "sudo", "su", "-"], input: "id -un; exit 3\n")
        #expect(root.status == 3 && root.output.hasSuffix("root\n"), "\(root.transcript)")
        let file = trial.server.folder.file("copied")
        try "hello".write(toFile: file, atomically: true, encoding: .utf8)
        try await trial.expect(0, "machine", "scp", "-q", file, "lab-1:/tmp/copied")
        try await trial.expect(0, "machine", "scp", "-q", "lab-1:/tmp/copied", "lab-2:/tmp/there")
        #expect(try await trial.expect(0, "machine", "ssh", "lab-2", "cat", "/tmp/there").output == "hello")
        #expect(try await trial.expect(0, "machine", "status", "lab-2").output == "Running\n")
        let left = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
        #expect(!left.contains { $0.hasPrefix("roadstead-ssh-") || $0.hasPrefix("roadstead-key-") })
    }

    /// Without a registry: what is deployed need not run, but the cluster must be found by its name.
    private func deploy(_ trial: ClusterTrial) async throws {
        let file = trial.server.folder.file("compose.yaml")
        try "services: {web: {image: \"busybox:1\"}}".write(toFile: file, atomically: true, encoding: .utf8)
        let plan = try await trial.expect(
            0, "plan", "-f", file, "--on", "lab", "--name", "web", "--resolve-image", "never")
        #expect(plan.output.contains("2 to create"))
    }

    private func power(_ trial: ClusterTrial) async throws {
        let killed = try await trial.expect(3, "machine", "kill", "lab-2")
        #expect(killed.errors.contains("generic"), "\(killed.transcript)")
    }

    private func scale(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        let even = try await trial.cli(["cluster", "scale", "lab", "--managers", "2", "--yes"])
        #expect(even.status == 2 && even.errors.contains("use 1, 3 or 5"), "\(even.transcript)")
        let more = try await trial.expect(
            0, "cluster", "scale", "lab", "--add-host", "debian@\(hosts[2])", "--managers", "3", "--yes")
        #expect(more.output.contains("~ machine lab-2 (becomes a manager)"), "\(more.transcript)")
        let managers = try await trial.docker(
            "roadstead-lab", "node", "ls", "--filter", "role=manager", "--format", "{{.ManagerStatus}}")
        #expect(
            managers.output.split(separator: "\n").sorted() == ["Leader", "Reachable", "Reachable"],
            "\(managers.transcript)")
        try await trial.expect(
            0, "cluster", "scale", "lab", "--remove-host", hosts[1], "--managers", "1", "--yes")
        let nodes = try await trial.docker("roadstead-lab", "node", "ls", "--format", "{{.Status}}")
        #expect(nodes.output == "Ready\nReady\n", "\(nodes.transcript)")
    }

    private func terminate(_ trial: ClusterTrial) async throws {
        let unasked = try await trial.expect(2, "cluster", "terminate", "lab")
        #expect(unasked.output.contains("- host lab-1") && unasked.errors.contains("--yes"), "\(unasked.transcript)")
        let kept = try await trial.expect(3, "infra", "rm", "lab")
        #expect(kept.errors.contains("roadstead cluster terminate lab"), "\(kept.transcript)")
        let folder = trial.server.folder.path
        let wrong = try await trial.server.terminal("cluster terminate lab", typed: "prod\n", directory: folder)
        #expect(wrong.status == 3 && wrong.output.contains("nothing was changed"), "\(wrong.transcript)")
        let right = try await trial.server.terminal("cluster terminate lab", typed: "lab\n", directory: folder)
        #expect(right.status == 0 && right.output.contains("nothing of it is left"), "\(right.transcript)")
        #expect(try await trial.expect(0, "cluster", "ls", "-q").output == "")
        #expect(try await trial.expect(0, "machine", "ls", "-q").output == "")
        #expect(try await trial.expect(0, "infra", "ls", "-q").output == "")
        for host in ["rc71", "rc73"] {
            let state = try await trial.hosts.console(host, "docker info --format '{{.Swarm.LocalNodeState}}'")
            #expect(state.contains("inactive"))
        }
        try await trial.expect(0, "cluster", "rm", "lab")
    }

    @Test("Bad input is told by its name and with what to do, and put right by the same command")
    func badInput() async throws {
        try await ClusterTrial.run(["rc74"]) { trial in
            let host = try trial.address("rc74")
            let stranger = trial.server.folder.file("stranger")
            try await Program.run("/usr/bin/env", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger])
                .requireSuccess()
            try await refuses(trial, host)
            // Another key: the hosts do not let it in, nothing is made, and the right one goes on.
            let wrong = try await trial.expect(
                4, "cluster", "create", "lab", "--ssh-key", stranger, "--host", "debian@\(host)", "--yes")
            #expect(wrong.errors.contains(host) && wrong.errors.contains("--undo"), "\(wrong.transcript)")
            let different = try await trial.expect(
                3, "cluster", "create", "lab", "--ssh-key", trial.key, "--host", "root@\(host)", "--yes")
            #expect(different.errors.contains("hosts"), "\(different.transcript)")
            try await trial.expect(0, "cluster", "create", "lab", "--undo", "--yes")
            #expect(try await trial.expect(0, "cluster", "ls", "-q").output == "")
            // No sudo for this one.
            try await trial.hosts.console(
                "rc74",
                "useradd -m -s /bin/bash eve && install -d -o eve -m 700 /home/eve/.ssh && "
                    + "install -o eve -m 600 /home/debian/.ssh/authorized_keys /home/eve/.ssh/authorized_keys")
            let noSudo = try await trial.expect(
                4, "cluster", "create", "lab", "--ssh-key", trial.key, "--host", "eve@\(host)", "--yes")
            #expect(noSudo.errors.contains("sudo"), "\(noSudo.transcript)")
            let left = try await trial.expect(0, "cluster", "create", "lab", "--undo", "--yes")
            #expect(left.output.contains("Nothing is left of cluster lab."))
        }
    }

    /// What no host is asked for.
    private func refuses(_ trial: ClusterTrial, _ host: String) async throws {
        let cases: [(status: Int32, arguments: [String], word: String)] = [
            (2, ["--host", host, "--host", "h2", "--managers", "2"], "use 1, 3 or 5"),
            (2, ["--host", host, "--host", "root@\(host)"], "is the same host as"),
            (2, ["--host", "no such host"], "hosts[0].address"),
            (2, ["--driver", "exoscale"], "--ssh-key is for hosts"),
            (2, ["--host", host, "--region", "x"], "region"), (2, ["--nodes", "3"], "--driver"),
        ]
        for (status, arguments, word) in cases {
            let result = try await trial.cli(["cluster", "create", "lab", "--ssh-key", trial.key, "--yes"] + arguments)
            #expect(result.status == status && result.errors.contains(word), "\(arguments): \(result.transcript)")
        }
        let file = trial.server.folder.file("no-key")
        try "hello".write(toFile: file, atomically: true, encoding: .utf8)
        let noKey = try await trial.expect(2, "cluster", "create", "lab", "--ssh-key", file, "--host", host, "--yes")
        #expect(noKey.errors.contains("holds no private key"))
        let unknown = try await trial.expect(3, "cluster", "show", "nope")
        #expect(unknown.errors.contains("see `roadstead cluster ls`"))
        #expect(try await trial.expect(0, "cluster", "ls", "-q").output == "")
    }
}

extension ProgramResult {
    fileprivate func requireSuccess() throws { try #require(status == 0, "\(transcript)") }
}
