import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("Whether a host suits")
struct HostFitnessTests {
    private static let tls = EngineWishes.TLS(authority: "CA", certificate: "c", key: Redacted("k"))

    private func host(_ change: (inout HostFacts) -> Void) throws -> HostPreparation {
        try HostPreparation(facts(change), wishes: EngineWishes(tls: Self.tls, adopt: true), host: "h")
    }

    private func facts(_ change: (inout HostFacts) -> Void) -> HostFacts {
        var facts = HostFacts()
        (facts.distribution, facts.release, facts.hasSystemd) = ("debian", "12", true)
        change(&facts)
        return facts
    }

    private func busy(_ facts: inout HostFacts, swarm: String = "inactive", driver: String = "overlay2") {
        facts.hasDocker = true
        facts.engine = HostFacts.Engine(version: "24.0.7", storageDriver: driver, running: 3, swarmState: swarm)
        facts.containers = [.init("web"), .init("db", comesBack: true), .init("shop.1.x", isTask: true)]
    }

    @Test("A host that runs containers gets the cluster's certificates once, and its engine is then left alone")
    func takeover() throws {
        let steps: [HostPreparation.Step] = [.kernelSettings, .engineFiles, .startEngine]
        #expect(try host { busy(&$0) }.steps == steps)
        let done = try host {
            busy(&$0)
            $0.engineAuthority = "CA"
        }
        #expect(done.steps == [.kernelSettings])
        let cutShort = try host {
            busy(&$0)
            ($0.engineAuthority, $0.isRestartDue) = ("CA", true)
        }
        #expect(cutShort.steps == steps)
    }

    @Test("What is kept, and what containers notice, is said")
    func warnings() throws {
        #expect(
            try host { busy(&$0, driver: "vfs") }.warnings == [
                "h has Docker 24.0.7 already: it is kept, with its storage driver vfs",
                "h's engine is restarted once; its 3 containers run on meanwhile (db, shop.1.x, web)",
            ])
        let member = try host { busy(&$0, swarm: "active") }.warnings
        #expect(
            member.last
                == "h's engine is restarted once, which ends its 3 containers, for a Swarm's engine cannot spare them; "
                + "started again by the Swarm: shop.1.x; started again by the engine: db; not started again: web")
        let many = try host {
            busy(&$0)
            $0.engine?.running = 12
            $0.containers = (1...11).map { .init("c\($0 + 10)") }
            $0.engine?.letsContainersLive = true
        }.warnings
        #expect(many[1].hasSuffix("(c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, and 2 more)"))
        #expect(many.last?.contains("live-restore") == true)
        #expect(try host { _ in }.warnings.isEmpty)
        #expect(
            try host { (facts) in
                busy(&facts); facts.isPrepared = true
            }.warnings.isEmpty)
    }

    @Test("A data disk is for hosts that get their engine now; of a Docker that is there the data stay")
    func dataDisk() throws {
        let wishes = EngineWishes(tls: Self.tls, dataDisk: "/dev/disk/by-id/scsi-0:x_1", adopt: true)
        let fresh = try HostPreparation(facts { _ in }, wishes: wishes, host: "h")
        #expect(fresh.steps == HostPreparation.Step.allCases && fresh.warnings.isEmpty)
        let kept = try HostPreparation(facts { busy(&$0) }, wishes: wishes, host: "h")
        #expect(!kept.steps.contains(.dataDisk) && kept.warnings[1].contains("data-disk changes nothing there"))
    }

    @Test("Too little space is told with what is needed where, before anything is installed")
    func space() throws {
        func spaces(_ usr: Int, _ lib: Int, _ cache: Int, apart: Bool = false) -> [HostFacts.Space] {
            zip(["/usr", "/var", "/var"], [usr, lib, cache]).map { .init(mount: apart ? $0 : "/", free: $1 << 20) }
        }
        #expect(try !host { $0.spaces = spaces(1100, 1100, 1100) }.steps.isEmpty)
        let full = #expect(throws: RemoteHostError.self) { try host { $0.spaces = spaces(1099, 1099, 1099) } }
        #expect(
            full?.message.hasPrefix(
                "h has 1099 MiB free at /, and 1100 MiB are needed there (/usr, /var/lib, /var/cache/apt)") == true)
        #expect(try !host { $0.spaces = spaces(400, 700, 700, apart: true) }.steps.isEmpty)
        let small = #expect(throws: RemoteHostError.self) {
            try host { $0.spaces = spaces(400, 600, 600, apart: true) }
        }
        #expect(small?.message.contains("600 MiB free at /var, and 700 MiB") == true)
        #expect(try !host { ($0.spaces, $0.isInstalling) = (spaces(1, 1, 1), true) }.steps.isEmpty)
        #expect(
            try !host {
                busy(&$0)
                $0.spaces = spaces(1, 1, 1)
            }.steps.isEmpty)
    }

    @Test("Settings that the engine takes from one place only are told")
    func settings() {
        let error = #expect(throws: RemoteHostError.self) {
            try host {
                busy(&$0)
                $0.engineSettings = ["hosts", "tlsverify"]
            }
        }
        #expect(error?.message.contains("h sets hosts, tlsverify in /etc/docker/daemon.json") == true)
    }
}
