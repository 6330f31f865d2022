import Foundation
import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("What is done on a host")
struct HostPreparationTests {
    private func facts(_ change: (inout HostFacts) -> Void = { _ in }) -> HostFacts {
        var facts = HostFacts()
        (facts.distribution, facts.release, facts.hasSystemd) = ("debian", "12", true)
        change(&facts)
        return facts
    }

    private func steps(_ facts: HostFacts, _ wishes: EngineWishes = EngineWishes()) throws -> [HostPreparation.Step] {
        try HostPreparation(facts, wishes: wishes, host: "h").steps
    }

    @Test("A bare host gets everything, with the configuration before the packages")
    func bare() throws {
        let steps = try steps(facts())
        #expect(steps == [.waitForFirstBoot, .kernelSettings, .engineFiles, .installEngine, .startEngine])
    }

    @Test("The engine listens for IPv6 only where it is reached so: without IPv6 in the kernel it would not start")
    func family() throws {
        let tls = EngineWishes.TLS(authority: "A", certificate: "C", key: Redacted("K"))
        for (isOverIPv6, listener) in [(false, "-H tcp://0.0.0.0:2376 "), (true, "-H tcp://[::]:2376 ")] {
            let wishes = EngineWishes(tls: tls, isOverIPv6: isOverIPv6)
            let preparation = try HostPreparation(facts(), wishes: wishes, host: "h")
            #expect(preparation.script(.engineFiles).contains(listener))
        }
    }

    @Test("A Docker that is there is kept, and one with containers is not touched")
    func kept() throws {
        let idle = facts {
            $0.hasDocker = true
            $0.engine = HostFacts.Engine(version: "28.0.1")
        }
        #expect(try steps(idle) == [.waitForFirstBoot, .kernelSettings, .engineFiles, .startEngine])
        let busy = facts {
            $0.hasDocker = true
            $0.engine = HostFacts.Engine(version: "28.0.1", running: 2)
        }
        #expect(throws: RemoteHostError.self) { try steps(busy) }
        #expect(try steps(busy, EngineWishes(adopt: true)) == [.kernelSettings])
    }

    @Test("A Docker that does not answer is taken when it is half prepared, or has nothing to lose; else it is refused")
    func silent() throws {
        let idle = facts { $0.hasDocker = true }
        #expect(try steps(idle) == [.waitForFirstBoot, .kernelSettings, .engineFiles, .startEngine])
        let used = facts { ($0.hasDocker, $0.hasDockerState) = (true, true) }
        let error = #expect(throws: RemoteHostError.self) { try steps(used) }
        #expect(error?.code == .unsuitable && error?.message.contains("systemctl start docker") == true)
        #expect(try !steps(used, EngineWishes(adopt: true)).isEmpty)
        #expect(try !steps(facts { ($0.hasDocker, $0.hasDockerState, $0.isPrepared) = (true, true, true) }).isEmpty)
    }

    @Test("A host of another Swarm is refused unless it is adopted; one of this Swarm is not")
    func swarm() throws {
        let member = facts {
            $0.hasDocker = true
            $0.engine = HostFacts.Engine(version: "28.0.1", swarmState: "active", nodeID: "n", clusterID: "c")
        }
        let error = #expect(throws: RemoteHostError.self) { try steps(member) }
        #expect(error?.code == .unsuitable)
        #expect(throws: RemoteHostError.self) { try steps(member, EngineWishes(clusterID: "other")) }
        #expect(try !steps(member, EngineWishes(clusterID: "c")).isEmpty)
        #expect(try !steps(member, EngineWishes(adopt: true)).isEmpty)
    }

    @Test("A host whose engine takes the cluster's clients is the cluster's, with containers and as a worker too")
    func ours() throws {
        let worker = facts {
            $0.hasDocker = true
            $0.engine = HostFacts.Engine(version: "28.0.1", running: 3, swarmState: "active", nodeID: "n")
            $0.engineAuthority = "-----BEGIN CERTIFICATE----- AAAA -----END CERTIFICATE-----"
        }
        func wishes(_ authority: String) -> EngineWishes {
            let text = "-----BEGIN CERTIFICATE-----\n\(authority)\n-----END CERTIFICATE-----\n"
            return EngineWishes(tls: EngineWishes.TLS(authority: text, certificate: "c", key: Redacted("k")))
        }
        #expect(try steps(worker, wishes("AAAA")) == [.kernelSettings])
        #expect(throws: RemoteHostError.self) { try steps(worker, wishes("BBBB")) }
    }

    @Test("An installation that was cut short is gone on with, whatever is there of it")
    func cutShort() throws {
        let half = facts { ($0.hasDocker, $0.isPrepared, $0.isInstalling) = (true, true, true) }
        let all = HostPreparation.Step.allCases
        #expect(try steps(half) == all.filter { $0 != .dataDisk })
        #expect(try steps(half, EngineWishes(dataDisk: "auto")) == all)
    }

    @Test("Systems that are not known, and hosts without systemd, are refused")
    func refused() {
        for change in [
            { (facts: inout HostFacts) in facts.release = "10" }, { $0.distribution = "alpine" },
            { $0.distribution = nil },
            { $0.hasSystemd = false },
        ] {
            #expect(throws: RemoteHostError.self) { try steps(facts(change)) }
        }
    }

    @Test("A version that a shell could misread is refused", arguments: ["", "1;reboot", "$(x)", "a b", "-1"])
    func version(text: String) {
        #expect(throws: RemoteHostError.self) { try steps(facts(), EngineWishes(version: text)) }
    }

    @Test(
        "A data disk that a shell could misread, or that is no device, is refused",
        arguments: [
            "", "vdb", "/dev/", "/dev/../etc/passwd", "/dev/vdb;reboot", "/dev/$(x)", "/dev/a b", "/etc/x", "Auto",
        ])
    func dataDisk(text: String) {
        #expect(throws: RemoteHostError.self) { try steps(facts(), EngineWishes(dataDisk: text)) }
    }

    @Test(
        "Every script is POSIX sh that a shell can read, whatever the certificates hold",
        arguments: HostPreparation.Step.allCases)
    func scripts(step: HostPreparation.Step) throws {
        let tls = EngineWishes.TLS(authority: "a'b\nEND\n", certificate: "$(x)", key: Redacted("\"`"))
        let wishes = EngineWishes(version: "20.10.24+dfsg1-1", mtu: 1400, tls: tls, dataDisk: "/dev/vdb")
        let preparation = try HostPreparation(facts(), wishes: wishes, host: "h")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-n", "-c", preparation.script(step)]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
