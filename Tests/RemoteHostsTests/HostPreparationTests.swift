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
        "Every script is POSIX sh that a shell can read, whatever the certificates hold",
        arguments: HostPreparation.Step.allCases)
    func scripts(step: HostPreparation.Step) throws {
        let tls = EngineWishes.TLS(authority: "a'b\nEND\n", certificate: "$(x)", key: Redacted("\"`"))
        let wishes = EngineWishes(version: "20.10.24+dfsg1-1", mtu: 1400, tls: tls)
        let preparation = try HostPreparation(facts(), wishes: wishes, host: "h")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-n", "-c", preparation.script(step)]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
