import Foundation
import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("Bare hosts get an engine", .serialized, .timeLimit(.minutes(10)))
struct HostPreparationLabTests {
    @Test(
        "A bare Debian gets its engine with TLS in one start; done again nothing is restarted; with a container it is refused",
        arguments: ["bookworm", "trixie"])
    func bare(suite: String) async throws {
        try await HostTrial.run(["rc52"], suite: suite) { trial in
            try await trial.lab.command("tls", "client")
            try await trial.lab.command(
                "tls", "issue", "rc52", "--server", "--san", "IP:\(try trial.lab.address("rc52"))")
            let folder = trial.lab.tlsFolder
            func text(_ name: String) throws -> String {
                try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            }
            let tls = EngineWishes.TLS(
                authority: try text("ca.pem"), certificate: try text("rc52.pem"),
                key: Redacted(try text("rc52-key.pem")))
            let wishes = EngineWishes(mtu: 1400, tls: tls)
            try await RemoteHost.with(try await trial.login("rc52", user: "debian")) { host in
                try await host.prepare(HostPreparation(try await host.facts(), wishes: wishes, host: "rc52"))
                let facts = try await host.facts()
                #expect(facts.engine?.swarmState == "inactive" && facts.engine?.running == 0)
                #expect(try await starts(host) == 1)
                let ping = try await Program.run(
                    "/usr/bin/curl",
                    [
                        "-sf", "--cacert", folder + "/ca.pem", "--cert", folder + "/cert.pem", "--key",
                        folder + "/key.pem",
                        "https://\(try trial.lab.address("rc52")):2376/_ping",
                    ])
                #expect(ping.output == "OK")
                try await host.prepare(HostPreparation(facts, wishes: wishes, host: "rc52"))
                #expect(try await starts(host) == 1)

                try await host.succeed(
                    RemoteCommand("docker swarm init --advertise-addr 127.0.0.1 >/dev/null", asRoot: true))
                let member = try await host.facts()
                #expect(member.engine?.isManager == true && member.engine?.clusterID != nil)
                #expect(member.engineAuthority != nil && member.isPrepared && !member.isInstalling)
                #expect(throws: RemoteHostError.self) {
                    try HostPreparation(member, wishes: EngineWishes(), host: "rc52")
                }
                #expect(try HostPreparation(member, wishes: wishes, host: "rc52").steps.contains(.startEngine))

                try await host.succeed(RemoteCommand("systemctl stop docker.socket docker", asRoot: true))
                let silent = try await host.facts()
                #expect(silent.hasDocker && silent.engine == nil && silent.hasDockerState)
            }
        }
    }

    @Test("A host that loses its power while packages are unpacked is prepared when it is done again")
    func powerLoss() async throws {
        try await HostTrial.run(["rc53"]) { trial in
            let login = try await trial.login("rc53")
            let wishes = EngineWishes()
            async let first: Void = RemoteHost.with(login) { host in
                try await host.prepare(HostPreparation(try await host.facts(), wishes: wishes, host: "rc53"))
            }
            try await until("docker.io is unpacked") {
                try await trial.console("rc53", "tail -n 1 /var/log/dpkg.log || true").contains("docker.io")
            }
            try await trial.lab.command("lab", "kill", "rc53")
            do {
                try await first
                Issue.record("the preparation did not notice")
            } catch is RemoteHostError {}
            try await trial.lab.command("lab", "start", "rc53")
            try await RemoteHost.with(login) { host in
                let facts = try await host.facts()
                #expect(facts.isInstalling && facts.isPrepared)
                try await host.prepare(HostPreparation(facts, wishes: wishes, host: "rc53"))
                let audit = try await host.succeed(RemoteCommand("dpkg --audit", asRoot: true))
                #expect(audit.outputText == "")
                let after = try await host.facts()
                #expect(after.engine != nil && !after.isInstalling)
            }
        }
    }

    private func starts(_ host: RemoteHost) async throws -> Int? {
        let journal = try await host.succeed(
            RemoteCommand("journalctl -u docker --no-pager | grep -c 'Started docker.service'", asRoot: true))
        return Int(journal.outputText.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
