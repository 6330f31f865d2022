import Foundation
import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Hosts of clusters that go, come back, or are others, by command. Docker is on the hosts already: making Swarms of bare ones
/// is proved elsewhere.
@Suite("Faults of clusters' hosts", .serialized, .timeLimit(.minutes(10)))
struct ClusterFaultLabTests {
    @Test(
        "A locked Swarm comes through a partition while it is made, a restart, a stop, a host lost for good, its ghost, and its end"
    )
    func locked() async throws {
        let names = ["cf90", "cf91", "cf92", "cf93"]
        try await ClusterTrial.run(names, layer: "docker") { trial in
            let hosts = try names.map { try trial.address($0) }
            try await make(trial, hosts)
            try await trial.expect(0, "cluster", "context", "lab")
            try await restart(trial)
            try await stop(trial)
            try await loseForGood(trial, hosts)
            try await ghost(trial, hosts)
            try await end(trial, hosts)
        }
    }

    /// In the midst of it two hosts do not reach each other for a while, which is outlasted.
    private func make(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        async let made = trial.expect(
            0, "cluster", "create", "lab", "--ssh-key", trial.key, "--managers", "3", "--autolock", "--yes",
            "--host", hosts[0], "--host", "debian@\(hosts[1])", "--host", hosts[2])
        try await trial.hosts.lab.wait("the Swarm is begun") {
            try await trial.cli(["machine", "ls"]).output.contains("Running")
        }
        try await trial.hosts.lab.command("lab", "cut", "cf90", "cf91")
        try await Task.sleep(for: .seconds(3))
        try await trial.hosts.lab.command("lab", "heal", "cf90", "cf91")
        _ = try await made
    }

    private func nodes(_ trial: ClusterTrial) async throws -> [String] {
        let listed = try await trial.docker(
            "roadstead-lab", "node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}")
        #expect(listed.status == 0, "\(listed.transcript)")
        // A join that was tried again may leave a node without a name, which never was one.
        return listed.output.split(separator: "\n").map(String.init).filter { !$0.hasPrefix(" ") }.sorted()
    }

    /// The system reboots by itself, which in the lab takes somebody to switch it on again. Its manager has its key when the
    /// command is done.
    private func restart(_ trial: ClusterTrial) async throws {
        async let revived: Void = revive("cf91", trial)
        let done = try await trial.expect(0, "machine", "restart", "lab-2")
        try await revived
        #expect(done.output.contains("Machine lab-2 is restarted."), "\(done.transcript)")
        #expect(try await nodes(trial).filter { $0.contains("Ready") }.count == 3)
        let refused = try await trial.expect(3, "machine", "kill", "lab-2")
        #expect(refused.errors.contains("where it stands"), "\(refused.transcript)")
    }

    private func revive(_ host: String, _ trial: ClusterTrial) async throws {
        try await goesDown(host, trial)
        try await trial.hosts.lab.command("lab", "start", host)
    }

    /// It goes down by itself; what an engine still does then may take it a minute, which nobody waits for here.
    private func goesDown(_ host: String, _ trial: ClusterTrial) async throws {
        try await trial.hosts.lab.wait("\(host) goes down") {
            let pid = try await trial.hosts.lab.command("lab", "pid", host)
            guard !pid.allSatisfy(\.isWhitespace) else { return true }
            return try await trial.hosts.console(host, "systemctl is-system-running || true").contains("stopping")
        }
        _ = try? await trial.hosts.lab.wait("\(host) is off", for: .seconds(5)) {
            try await trial.hosts.lab.command("lab", "pid", host).allSatisfy(\.isWhitespace)
        }
        try await trial.hosts.lab.command("lab", "kill", host)
    }

    /// It is no loss, and counts again once somebody has switched it on.
    private func stop(_ trial: ClusterTrial) async throws {
        try await trial.expect(0, "machine", "stop", "lab-3")
        try await goesDown("cf92", trial)
        #expect(try await trial.expect(0, "machine", "status", "lab-3").output == "Stopped\n")
        let plan = try await trial.expect(0, "cluster", "plan", "lab")
        #expect(plan.output.contains("no changes") && plan.output.contains("lab-3 is stopped"), "\(plan.transcript)")
        try await trial.hosts.lab.command("lab", "start", "cf92")
        try await trial.hosts.lab.wait("lab-3 lets us in") {
            try await trial.cli(["machine", "ssh", "lab-3", "docker", "info"]).status == 0
        }
        try await trial.expect(0, "cluster", "repair", "lab", "--yes")
        try await trial.hosts.lab.wait("lab-3 is ready") {
            try await nodes(trial).filter { $0.contains("Ready") }.count == 3
        }
        #expect(try await trial.expect(0, "machine", "status", "lab-3").output == "Running\n")
    }

    private func loseForGood(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        try await trial.hosts.lab.command("lab", "kill", "cf92")
        let changed = try await trial.expect(
            0, "cluster", "scale", "lab", "--remove-host", hosts[2], "--add-host", "\(hosts[3])=manager",
            "--managers", "3", "--yes")
        #expect(changed.errors.contains("lab-3 does not answer and keeps what was set up"), "\(changed.transcript)")
        let left = try await nodes(trial)
        #expect(left.count == 3 && left.filter { $0.contains("Ready") }.count == 3, "\(left)")
        #expect(left.contains { $0.hasPrefix("cf93 ") } && !left.contains { $0.hasPrefix("cf92 ") })
    }

    /// The lost host is switched on again: the Swarm does not take it, and the plan tells of it.
    private func ghost(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        try await trial.hosts.lab.command("lab", "start", "cf92")
        let plan = try await trial.expect(0, "cluster", "plan", "lab")
        #expect(plan.output.contains("host \(hosts[2]):22 did not answer when machine lab-3"), "\(plan.transcript)")
        let back = try await trial.expect(
            0, "cluster", "scale", "lab", "--add-host", "\(hosts[2])=worker", "--yes")
        #expect(back.errors.contains("it has given up that place"), "\(back.transcript)")
        #expect(try await nodes(trial).filter { $0.contains("Ready") }.count == 4)
        #expect(!(try await trial.expect(0, "cluster", "plan", "lab").output.contains("did not answer")))
    }

    /// One host is off for good, one manager waits for a key that we do not have, and nobody waits long.
    private func end(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        try await trial.hosts.lab.command("lab", "kill", "cf92")
        let rotated = try await trial.docker("roadstead-lab", "swarm", "unlock-key", "--rotate", "--quiet")
        #expect(rotated.status == 0)
        try await trial.hosts.console("cf91", "systemctl restart docker")
        let plan = try await trial.expect(0, "cluster", "plan", "lab")
        #expect(plan.output.contains("manager lab-2 is locked, and not by the key that is kept"), "\(plan.transcript)")
        let ended = try await trial.expect(0, "cluster", "terminate", "lab", "--yes")
        #expect(ended.errors.contains("lab-3 does not answer and keeps what was set up"), "\(ended.transcript)")
        for host in ["cf90", "cf91", "cf93"] {
            let swarm = try await trial.hosts.console(host, "docker info --format '{{.Swarm.LocalNodeState}}'")
            #expect(swarm == "inactive\n", "\(host)")
        }
    }

    @Test(
        "A host whose sudo asks for a password, that is listed twice, is somebody else's or was made anew is told and put right"
    )
    func others() async throws {
        try await ClusterTrial.run(["cf94", "cf95"], layer: "docker") { trial in
            let hosts = try ["cf94", "cf95"].map { try trial.address($0) }
            try await refused(trial, hosts)
            try await trial.expect(
                0, "cluster", "create", "lab", "--ssh-key", trial.key, "--managers", "1", "--yes",
                "--host", hosts[0], "--host", hosts[1])
            let taken = try await trial.expect(
                3, "cluster", "create", "other", "--ssh-key", trial.key, "--host", hosts[1], "--yes")
            #expect(taken.errors.contains("is machine lab-2 of cluster lab already"), "\(taken.transcript)")
            try await madeAnew(trial, hosts)
        }
    }

    private func refused(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        func create(_ more: String..., managers: String = "1") async throws -> ProgramResult {
            try await trial.cli(
                ["cluster", "create", "lab", "--ssh-key", trial.key, "--managers", managers, "--yes"]
                    + more.flatMap { ["--host", $0] })
        }
        try await trial.hosts.console(
            "cf94", "printf 'Port 22\nPort 2222\n' >/etc/ssh/sshd_config.d/two.conf; systemctl restart ssh")
        let twice = try await create(hosts[0], "\(hosts[0]):2222")
        #expect(twice.status == 4 && twice.errors.contains("is the same as"), "\(twice.transcript)")
        try await trial.expect(0, "cluster", "create", "lab", "--undo", "--yes")
        try await trial.hosts.console("cf95", "echo 'debian ALL=(ALL) ALL' >/etc/sudoers.d/90-lab")
        let asked = try await create(hosts[0], "debian@\(hosts[1])")
        #expect(asked.status == 4 && asked.errors.contains("NOPASSWD"), "\(asked.transcript)")
        try await trial.expect(0, "cluster", "create", "lab", "--undo", "--yes")
    }

    /// The same address, another system: its key tells.
    private func madeAnew(_ trial: ClusterTrial, _ hosts: [String]) async throws {
        await trial.hosts.destroy(["cf95"])
        try await trial.hosts.create("cf95", layer: "docker")
        try await trial.hosts.lab.wait("the Swarm misses lab-2") {
            try await trial.cli(["cluster", "plan", "lab"]).output.contains("in place of lab-2")
        }
        let refused = try await trial.expect(4, "cluster", "repair", "lab", "--yes")
        let key = try #require(try await trial.hosts.key("cf95").fingerprint)
        let told = refused.output + refused.errors
        #expect(told.contains("it shows \(key), known is SHA256:"), "\(refused.transcript)")
        #expect(told.contains("roadstead machine trust"))
        let unasked = try await trial.expect(2, "machine", "trust", "lab-3")
        #expect(unasked.output.contains("shown: \(key)"), "\(unasked.transcript)")
        try await trial.expect(0, "machine", "trust", "lab-3", "--host-key", key)
        let repaired = try await trial.expect(0, "cluster", "repair", "lab", "--yes")
        #expect(repaired.output.contains("READY"), "\(repaired.transcript)")
        #expect(try await trial.expect(0, "cluster", "plan", "lab").output.contains("no changes"))
        try await trial.expect(0, "cluster", "terminate", "lab", "--yes")
    }
}
