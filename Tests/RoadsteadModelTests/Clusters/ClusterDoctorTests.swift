import RoadsteadBasics
import Testing

@testable import RoadsteadModel

@Suite struct ClusterDoctorTests {
    private static let now = Instant(millisecondsSinceEpoch: 1_800_000_000_000)

    private static func host() -> DoctorHost {
        var host = DoctorHost()
        (host.disk, host.inodes) = (.init(free: 60, total: 100), .init(free: 90, total: 100))
        (host.memory, host.clockAhead, host.clockError) = (.init(free: 50, total: 100), 300, 20)
        (host.isClockSynchronized, host.isNameFound, host.lookedUp) = (true, true, ["deb.debian.org"])
        (host.loggingDriver, host.hasLogLimit, host.forwardsPackets, host.hasIPVS) = ("json-file", true, true, true)
        (host.hostName, host.address) = ("h", "10.0.0.1")
        host.certificate = .init(expiry: now + .seconds(400 * 86_400), subjects: ["10.0.0.1"], isTrusted: true)
        return host
    }

    private static func facts() throws -> DoctorFacts {
        let specification = try ClusterSpecification(json: ["name": "prod", "driver": "simulated", "managers": 3])
        let machines = (1...3).map { number in
            var host = host()
            host.machineID = "id\(number)"
            return DoctorMachine(
                "prod-\(number)", .manager, zone: "z\(number)", nodeID: "n\(number)", host: .seen(host),
                engine: .seen("26.1.5"))
        }
        var facts = DoctorFacts(now: now, specification: specification, machines: machines)
        facts.nodes = .seen(
            (1...3).map { DoctorNode(id: "n\($0)", hostName: "h\($0)", role: .manager, engineVersion: "26.1.5") })
        facts.swarm = .seen(DoctorSwarm(isAutolocked: false, authorityExpiry: now + .seconds(3000 * 86_400)))
        facts.ways = .seen(DoctorWays(mtu: 1500))
        facts.overlay = .seen(DoctorOverlay(machines: ["prod-1", "prod-2"]))
        facts.drift = .seen([])
        return facts
    }

    @Test("a cluster where all is well has one finding a check, each of them ok")
    func well() throws {
        let findings = ClusterDoctor.examine(try Self.facts())
        #expect(findings.map(\.check) == DoctorFinding.Check.allCases)
        #expect(
            findings.allSatisfy { $0.verdict == .ok && $0.advice == nil }, "\(findings.filter { $0.verdict != .ok })")
        #expect(ClusterDoctor.verdict(of: findings) == .ok)
    }

    /// What was changed, in which check it shows, how, on whom, and a part of what is said.
    private struct Case: Sendable, CustomTestStringConvertible {
        var check: DoctorFinding.Check
        var verdict: DoctorFinding.Verdict
        var subject: String?
        var words: String
        var change: @Sendable (inout DoctorFacts) -> Void

        init(
            _ check: DoctorFinding.Check, _ verdict: DoctorFinding.Verdict, _ subject: String?, _ words: String,
            _ change: @escaping @Sendable (inout DoctorFacts) -> Void
        ) {
            (self.check, self.verdict, self.subject, self.words, self.change) = (check, verdict, subject, words, change)
        }

        init(
            host check: DoctorFinding.Check, _ verdict: DoctorFinding.Verdict, _ words: String,
            _ change: @escaping @Sendable (inout DoctorHost) -> Void
        ) {
            self.init(check, verdict, "prod-2", words) { facts in
                guard var host = facts.machines[1].host.value else { return }
                change(&host)
                facts.machines[1].host = .seen(host)
            }
        }

        var testDescription: String { "\(check.rawValue) \(verdict.rawValue): \(words)" }
    }

    private static let hostCases: [Case] = [
        Case(.ssh, .failure, "prod-2", "Permission denied") { $0.machines[1].host = .failed("Permission denied") },
        Case(.engine, .failure, "prod-2", "refused") { $0.machines[1].engine = .failed("refused") },
        Case(host: .certificate, .failure, "ended at") { $0.certificate?.expiry = now - .seconds(1) },
        Case(host: .certificate, .warning, "ends in 9 days") {
            $0.certificate?.expiry = now + .seconds(10 * 86_400 - 1)
        },
        Case(host: .certificate, .failure, "not for 10.0.0.1") { $0.certificate?.subjects = ["10.0.0.2"] },
        Case(host: .certificate, .failure, "not signed") { $0.certificate?.isTrusted = false },
        Case(host: .certificate, .unknown, "none is set up") { $0.certificate = nil },
        Case(host: .clock, .warning, "3.0 s behind") { $0.clockAhead = -3_000 },
        Case(host: .clock, .failure, "90.0 s ahead") { $0.clockAhead = 90_000 },
        Case(host: .clock, .warning, "nothing keeps it right") { $0.isClockSynchronized = false },
        Case(host: .disk, .warning, "14 B of 100 B free") { $0.disk?.free = 14 },
        Case(host: .disk, .failure, "4 B of") { $0.disk?.free = 4 },
        Case(host: .inodes, .failure, "1 % free") { $0.inodes?.free = 1 },
        Case(host: .memory, .warning, "9 B of 100 B") { $0.memory?.free = 9 },
        Case(host: .dns, .warning, "none of deb.debian.org") { $0.isNameFound = false },
        Case(host: .kernel, .failure, "ip_forward") { $0.forwardsPackets = false },
        Case(host: .kernel, .warning, "IPVS") { $0.hasIPVS = false },
        Case(host: .logs, .warning, "without max-size") { $0.hasLogLimit = false },
        Case(host: .leftovers, .warning, "2.5 GB are used by nothing: images 2.5 GB of 3.0 GB") {
            $0.leftovers = [.init(kind: "Images", size: 3_000_000_000, reclaimable: 2_500_000_000)]
        },
    ]

    private static let swarmCases: [Case] = [
        Case(.ports, .failure, nil, "prod-1 does not reach prod-2") {
            $0.ways = .seen(DoctorWays(shut: ["prod-1 does not reach prod-2"]))
        },
        Case(.mtu, .warning, nil, "1420 bytes") { $0.ways = .seen(DoctorWays(mtu: 1420)) },
        Case(.overlay, .failure, nil, "lost") { $0.overlay = .seen(DoctorOverlay(machines: [], faults: ["lost"])) },
        Case(.overlay, .unknown, nil, "no image") { $0.overlay = .failed("no image") },
        Case(.quorum, .failure, nil, "no leader") { $0.nodes = .failed("no leader") },
        Case(.quorum, .failure, nil, "2 of 3 managers reachable, 2 needed; not h3") {
            change(3, &$0) { $0.isReachableManager = false }
        },
        Case(.quorum, .warning, nil, "2 managers survive no more losses than 1") {
            change(3, &$0) { $0.role = .worker }
        },
        Case(.zones, .warning, nil, "all 3 managers are in zone a") { facts in
            facts.specification.zones = ["a", "b"]
            for index in 0..<3 { facts.machines[index].zone = "a" }
        },
        Case(.autolock, .warning, nil, "is on") {
            $0.swarm = .seen(DoctorSwarm(isAutolocked: true, authorityExpiry: now + .seconds(1 << 27)))
        },
        Case(.swarmAuthority, .warning, nil, "rotated") {
            $0.swarm = .seen(DoctorSwarm(isAutolocked: false, isRotating: true))
        },
        Case(.swarmAuthority, .failure, nil, "ended at") {
            $0.swarm = .seen(DoctorSwarm(isAutolocked: false, authorityExpiry: now))
        },
        Case(.nodes, .failure, "prod-3", "is down") { change(3, &$0) { $0.state = "down" } },
        Case(.nodes, .warning, "prod-3", "is set to drain") { change(3, &$0) { $0.availability = "drain" } },
        Case(.nodes, .warning, "h4", "no machine of the cluster") { facts in
            let nodes = facts.nodes.value ?? []
            facts.nodes = .seen(nodes + [DoctorNode(id: "n4", hostName: "h4", role: .worker)])
        },
        Case(.hostNames, .warning, nil, "prod-1, prod-3 all call themselves 'h1'") {
            change(3, &$0) { $0.hostName = "h1" }
        },
        Case(.machineIDs, .warning, nil, "prod-1, prod-2 have the same") { facts in
            guard var host = facts.machines[1].host.value else { return }
            host.machineID = "id1"
            facts.machines[1].host = .seen(host)
        },
        Case(.versions, .warning, nil, "20.10.24 (prod-3), 26.1.5 (prod-1, prod-2)") {
            change(3, &$0) { $0.engineVersion = "20.10.24" }
        },
        Case(.services, .warning, "web", "1 of 2 tasks run") { $0.swarm = .seen(swarm(running: 1)) },
        Case(.services, .failure, "web", "0 of 2 tasks run") { $0.swarm = .seen(swarm(running: 0)) },
        Case(.drift, .warning, nil, "~ machine prod-2") { $0.drift = .seen(["~ machine prod-2"]) },
    ]

    private static func change(_ number: Int, _ facts: inout DoctorFacts, _ change: (inout DoctorNode) -> Void) {
        var nodes = facts.nodes.value ?? []
        change(&nodes[number - 1])
        facts.nodes = .seen(nodes)
    }

    private static func swarm(running: Int) -> DoctorSwarm {
        DoctorSwarm(
            isAutolocked: false, authorityExpiry: now + .seconds(1 << 27),
            services: [.init("web", desired: 2, running: running), .init("db", desired: 1, running: 1)])
    }

    @Test(
        "each thing that is wrong shows in its check, on its machine, with what to do",
        arguments: hostCases + swarmCases)
    private func wrong(_ item: Case) throws {
        var facts = try Self.facts()
        item.change(&facts)
        let findings = ClusterDoctor.examine(facts).filter { $0.check == item.check }
        let finding = try #require(findings.first { $0.verdict == item.verdict }, "\(findings)")
        #expect(finding.subject == item.subject && finding.measured.contains(item.words), "\(finding)")
        #expect(finding.advice?.isEmpty == false)
    }

    @Test("an address of a certificate counts in whichever way it is written")
    func addresses() {
        let certificate = DoctorHost.Certificate(
            expiry: Self.now, subjects: ["2001:db8:0:0:0:0:0:1", "h"], isTrusted: true)
        #expect(certificate.isFor("2001:db8::1") && certificate.isFor("h") && !certificate.isFor("2001:db8::2"))
    }

    @Test("when no manager answers, what only managers know is unknown and not well")
    func withoutManagers() throws {
        var facts = try Self.facts()
        (facts.nodes, facts.swarm, facts.drift) = (.failed("no leader"), .failed("no leader"), .skipped("no manager"))
        let findings = ClusterDoctor.examine(facts)
        #expect(
            findings.filter { $0.verdict == .unknown }.map(\.check) == [.autolock, .swarmAuthority, .services, .drift])
        #expect(ClusterDoctor.verdict(of: findings) == .failure)
    }
}
