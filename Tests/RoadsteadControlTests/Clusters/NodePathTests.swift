import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadControl

@Suite("Ways between nodes")
struct NodePathTests {
    private func node(_ number: Int, _ role: MachineRole = .worker) -> NodePaths.Node {
        NodePaths.Node(name: "prod-\(number)", address: "10.0.0.\(number)", role: role)
    }

    /// Of two nodes of which each hears all of the other, in packets of up to 1500 bytes.
    private func open() -> [Int: PathFindings] {
        var findings: [Int: PathFindings] = [:]
        for (index, other) in [(0, 1), (1, 0)] {
            var own = PathFindings()
            own.heard[other] = Set(PathProbe.Port.allCases)
            own.mtu[other] = 1500
            findings[index] = own
        }
        return findings
    }

    @Test("All open: nothing to say, and the narrowest way's width is told")
    func allOpen() throws {
        var findings = open()
        findings[1]?.mtu[0] = 1450
        let report = NodePathReport([node(1, .manager), node(2)], findings: findings)
        #expect(report.mtu == 1450)
        try report.requireOpen()
    }

    @Test("A shut way is told with both machines and the port, in the direction in which it is shut")
    func shut() {
        var findings = open()
        findings[0]?.heard[1] = [.gossip, .gossipPackets]
        findings[1]?.heard[0]?.remove(.overlay)
        let report = NodePathReport([node(1, .manager), node(2)], findings: findings)
        let error = #expect(throws: RoadsteadError.self) { try report.requireOpen() }
        #expect(
            error?.message.hasPrefix(
                "prod-1 does not reach prod-2 (10.0.0.2) at 4789/udp; "
                    + "prod-2 does not reach prod-1 (10.0.0.1) at 2377/tcp, 4789/udp; open them") == true)
    }

    @Test("A connection that was taken shows the way as well as a packet that was heard")
    func opened() throws {
        var findings = open()
        findings[0]?.heard[1]?.remove(.management)
        findings[1]?.opened[0] = [.management]
        try NodePathReport([node(1, .manager), node(2)], findings: findings).requireOpen()
    }

    @Test("In large clusters nobody tries more than some, managers try all, and a way is tried from both sides")
    func many() {
        let nodes = [node(1, .manager)] + (2...200).map { node($0) }
        for index in nodes.indices {
            let peers = NodePaths.peers(of: index, in: nodes).map(\.number)
            #expect(peers.contains(index) && peers.contains(0))
            #expect(index == 0 ? peers.count == 200 : peers.count <= NodePaths.mesh)
            for peer in peers { #expect(NodePaths.isTried(peer, index, in: nodes)) }
        }
        let few = nodes.prefix(5)
        #expect(NodePaths.peers(of: 3, in: Array(few)).count == 5)
    }
}
