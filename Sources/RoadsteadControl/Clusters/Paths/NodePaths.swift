import RemoteHosts
import RoadsteadBasics
import RoadsteadModel

/// Tries from each node to each other what a Swarm needs: 2377/tcp to managers, 7946/tcp and udp, 4789/udp, and how large
/// packets may be. Nothing of it is taken from what clouds or interfaces say.
///
/// It works before the Swarm is there and after. Engines log a few packets at 7946 that they cannot read.
struct NodePaths: Sendable {
    struct Node: Sendable, Hashable {
        /// Of the machine.
        var name: String
        /// IP address, as its node is to be reached by the others.
        var address: String
        var role: MachineRole
    }

    var ids: any IDSource = SystemIDSource()

    /// Of clusters with more nodes, workers try those beside them only: with each other all would be thousands of ways.
    static let mesh = 40

    /// Throws `RoadsteadError` when a machine cannot be entered, or cannot probe. What is shut is in the report.
    func check(_ nodes: [Node], on hosts: ClusterHosts) async throws -> NodePathReport {
        guard nodes.count > 1 else { return NodePathReport(nodes, findings: [:]) }
        let token = ids.makeRandomBytes(8).map { String($0, radix: 36) }.joined()
        let probe = PathProbe(token: token, rounds: 15 + nodes.count / 4)
        do {
            // First all are entered, so that they begin at the same time.
            _ = try await all(nodes, on: hosts) { host, _ in try await host.connect() }
            let findings = try await all(nodes, on: hosts) { host, index in
                try await host.probe(probe, as: index, among: Self.peers(of: index, in: nodes))
            }
            return NodePathReport(nodes, findings: findings)
        } catch {
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: "try the ways between the cluster's machines")
        }
    }

    /// The node itself among them. If one is another's peer, so is that one its.
    static func peers(of index: Int, in nodes: [Node]) -> [PathProbe.Peer] {
        nodes.indices.filter { isTried(index, $0, in: nodes) }.map { other in
            PathProbe.Peer(number: other, address: nodes[other].address, isManager: nodes[other].role == .manager)
        }
    }

    static func isTried(_ one: Int, _ other: Int, in nodes: [Node]) -> Bool {
        if nodes.count <= mesh || nodes[one].role == .manager || nodes[other].role == .manager { return true }
        let distance = abs(one - other)
        return min(distance, nodes.count - distance) <= mesh / 4
    }

    private func all<Value: Sendable>(
        _ nodes: [Node], on hosts: ClusterHosts,
        _ body: @escaping @Sendable (RemoteHost, Int) async throws -> Value
    ) async throws -> [Int: Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for (index, node) in nodes.enumerated() {
                group.addTask { (index, try await body(try await hosts.host(node.name), index)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
