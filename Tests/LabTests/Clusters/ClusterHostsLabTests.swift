import DockerAPI
import DockerClient
import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Three bare hosts, prepared at the same time with a cluster's own certificates.
@Suite("Hosts of a cluster become a Swarm", .serialized, .timeLimit(.minutes(15)))
struct ClusterHostsLabTests {
    private static let names = ["rc70", "rc71", "rc72"]

    /// What a cluster has of its hosts once they are prepared.
    private struct Prepared: Sendable {
        var trial: HostTrial
        var hosts: ClusterHosts
        var swarm: SwarmMembership
        var tls: EngineTLS
        var addresses: [String: String]

        func address(_ name: String) -> String { addresses[name] ?? "" }
    }

    private func prepared(
        suite: String, _ body: @escaping @Sendable (Prepared) async throws -> Void
    ) async throws {
        try await HostTrial.run(Self.names, suite: suite) { trial in
            let hosts = ClusterHosts { try await trial.login($0, user: "debian", trust: .firstContact) }
            do {
                try await body(try await prepare(trial, hosts))
                await hosts.close()
            } catch {
                await hosts.close()
                throw error
            }
        }
    }

    private func prepare(_ trial: HostTrial, _ hosts: ClusterHosts) async throws -> Prepared {
        let now = SystemClock().now
        let authority = try ClusterAuthority.make(cluster: "lab", now: now)
        let addresses = Dictionary(uniqueKeysWithValues: try Self.names.map { ($0, try trial.lab.address($0)) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, address) in addresses {
                group.addTask {
                    let arrived = try await HostArrival().wait(for: name, on: hosts)
                    #expect(arrived.keys == [try await trial.key(name)])
                    let issued = try authority.server(names: [name], addresses: [address], now: now)
                    let tls = EngineWishes.TLS(
                        authority: authority.certificate, certificate: issued.certificate, key: issued.key)
                    let wishes = EngineWishes(tls: tls)
                    try await hosts.host(name).prepare(HostPreparation(arrived.facts, wishes: wishes, host: name))
                }
            }
            try await group.waitForAll()
        }
        let client = try authority.client("lab", lifetime: .seconds(7200), now: now)
        return Prepared(
            trial: trial, hosts: hosts,
            swarm: SwarmMembership(
                authority: authority.certificate, client: client, logger: Logger(label: "lab")),
            tls: EngineTLS(ca: authority.certificate, certificate: client.certificate, key: client.key),
            addresses: addresses)
    }

    @Test(
        "Bare hosts become a Swarm of three managers, whose labels, roles and nodes change as asked",
        arguments: ["bookworm", "trixie"])
    func life(suite: String) async throws {
        try await prepared(suite: suite) { cluster in
            try await holdsContract(cluster)
            try await pathsAreTold(cluster)
            let nodes = try await grow(cluster)
            try await change(cluster, nodes)
            try await shrink(cluster, nodes)
        }
    }

    /// The contract that fake engines are held to.
    private func holdsContract(_ cluster: Prepared) async throws {
        try await withClient(cluster, "rc70") { first in
            try await withClient(cluster, "rc71") { second in
                for check in SwarmContract.all {
                    do {
                        try await check.run(
                            SwarmContract.Subject(
                                .init(client: first, address: cluster.address("rc70")),
                                .init(client: second, address: cluster.address("rc71"))))
                    } catch { Issue.record("\(check): \(error)") }
                }
            }
        }
    }

    private func withClient(
        _ cluster: Prepared, _ name: String, _ body: (EngineClient) async throws -> Void
    ) async throws {
        let endpoint = EngineEndpoint.tcp(host: cluster.address(name), port: 2376, tls: cluster.tls)
        let client = try EngineClient(endpoint: endpoint, logger: Logger(label: "lab"))
        do { try await body(client) } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private func pathsAreTold(_ cluster: Prepared) async throws {
        let nodes = Self.names.enumerated().map { index, name in
            NodePaths.Node(name: name, address: cluster.address(name), role: index == 2 ? .worker : .manager)
        }
        func report() async throws -> NodePathReport { try await NodePaths().check(nodes, on: cluster.hosts) }
        let open = try await report()
        try open.requireOpen()
        #expect(open.mtu == 1500)

        let trial = cluster.trial
        try await trial.lab.command("lab", "cut", "rc70", "rc72")
        try await trial.console("rc71", "iptables -I INPUT -p udp --dport 4789 -s \(cluster.address("rc70")) -j DROP")
        let narrow = "ip link set \"$(ip -o route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/')\" mtu"
        try await trial.console("rc71", "\(narrow) 1420")
        let shut = try await report()
        #expect(shut.mtu == 1420)
        let told = #expect(throws: RoadsteadError.self) { try shut.requireOpen() }
        for words in [
            "rc70 does not reach rc71 (\(cluster.address("rc71"))) at 4789/udp;",
            "rc70 does not reach rc72 (\(cluster.address("rc72"))) at 7946/tcp, 7946/udp, 4789/udp;",
            "rc72 does not reach rc70 (\(cluster.address("rc70"))) at 2377/tcp, 7946/tcp, 7946/udp, 4789/udp;",
        ] {
            #expect(told?.message.contains(words) == true, "\(told?.message ?? "")")
        }
        #expect(shut.faults.count == 3)
        try await trial.console("rc71", "iptables -D INPUT 1; \(narrow) 1500")
        try await trial.lab.command("lab", "heal", "rc70", "rc72")
    }

    private func grow(_ cluster: Prepared) async throws -> [String: String] {
        let swarm = cluster.swarm
        let (a, b, c) = (cluster.address("rc70"), cluster.address("rc71"), cluster.address("rc72"))
        let first = try await swarm.initialize(a, advertise: a, pools: ["10.99.0.0/16"])
        #expect(try await swarm.initialize(a, advertise: a) == first)
        var nodes = ["rc70": first.nodeID]
        for (name, address) in [("rc71", b), ("rc72", c)] {
            // One of them is no manager, and one answers nowhere.
            let managers = ["127.0.0.9", c, a]
            nodes[name] = try await swarm.join(address, advertise: address, as: .manager, through: managers)
            #expect(
                try await swarm.join(address, advertise: address, as: .manager, through: managers) == nodes[name])
        }
        let expected = nodes.map { SwarmMember(name: $0.key, nodeID: $0.value, role: .manager) }
        try await swarm.verify(expected, through: [b])
        // The Swarm's own ports are taken now; the ways are tried beside them.
        let report = try await NodePaths().check(
            Self.names.map { NodePaths.Node(name: $0, address: cluster.address($0), role: .manager) },
            on: cluster.hosts)
        try report.requireOpen()
        return nodes
    }

    private func change(_ cluster: Prepared, _ nodes: [String: String]) async throws {
        let (swarm, a) = (cluster.swarm, cluster.address("rc70"))
        let id = nodes["rc71"] ?? ""
        try await swarm.setLabels(id, set: ["zone": "x", "old": "1"], through: [a])
        try await swarm.setLabels(id, set: ["disk": "ssd"], remove: ["old"], through: [a])
        #expect(
            try await swarm.nodes(through: [a]).first { $0.id == id }?.spec.labels == ["zone": "x", "disk": "ssd"])
        #expect(try await swarm.drain(id, through: [a]) == 0)
        try await swarm.activate(id, through: [a])
        #expect(try await swarm.nodes(through: [a]).allSatisfy { $0.spec.availability == "active" })
    }

    private func shrink(_ cluster: Prepared, _ nodes: [String: String]) async throws {
        let swarm = cluster.swarm
        let all = Self.names.map(cluster.address)
        let id = nodes["rc72"] ?? ""
        try await swarm.demote(id, through: all.reversed())
        try await swarm.drain(id, through: all)
        try await swarm.leave(all[2])
        try await swarm.remove(id, through: all)
        try await swarm.remove(id, through: all)
        #expect(try await swarm.nodes(through: all).count == 2)

        // A power loss of one of two managers: there is no leader, and that is told as what may pass.
        try await cluster.trial.lab.command("lab", "kill", "rc71")
        let error = await #expect(throws: RoadsteadError.self) {
            try await swarm.setLabels(nodes["rc70"] ?? "", set: ["late": "1"], through: all)
        }
        #expect(error?.code == .unavailable || error?.code == .timeout)
        try await cluster.trial.lab.command("lab", "start", "rc71")
        let expected = ["rc70", "rc71"].map { SwarmMember(name: $0, nodeID: nodes[$0] ?? "", role: .manager) }
        try await swarm.verify(expected, through: all)
    }
}
