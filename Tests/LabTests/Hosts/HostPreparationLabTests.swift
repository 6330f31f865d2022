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
                #expect(throws: RemoteHostError.self) { try HostPreparation(member, wishes: wishes, host: "rc52") }
            }
        }
    }

    private func starts(_ host: RemoteHost) async throws -> Int? {
        let journal = try await host.succeed(
            RemoteCommand("journalctl -u docker --no-pager | grep -c 'Started docker.service'", asRoot: true))
        return Int(journal.outputText.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
