import RemoteHosts
import RoadsteadBasics
import RoadsteadModel

/// Which ways between the nodes of a Swarm are open, and how wide the narrowest of them is.
struct NodePathReport: Sendable, Hashable {
    /// One node cannot be reached by another.
    struct Fault: Sendable, Hashable {
        var from: NodePaths.Node
        var to: NodePaths.Node
        var ports: [PathProbe.Port]
    }

    /// In the order of the nodes.
    private(set) var faults: [Fault] = []
    /// Bytes of the largest IP packet that gets from every node to every other in one piece; nil where nothing was tried or
    /// nothing got through. A network over VXLAN takes 50 less.
    private(set) var mtu: Int?

    /// - Parameter findings: of each node, by its place in `nodes`.
    init(_ nodes: [NodePaths.Node], findings: [Int: PathFindings]) {
        for (from, sender) in nodes.enumerated() {
            for (to, receiver) in nodes.enumerated() where to != from && NodePaths.isTried(from, to, in: nodes) {
                guard let there = findings[to], let here = findings[from] else { continue }
                let arrived = there.heard[from, default: []].union(here.opened[to, default: []])
                let shut = Self.needed(receiver.role).filter { !arrived.contains($0) }
                if !shut.isEmpty { faults.append(Fault(from: sender, to: receiver, ports: shut)) }
                if let size = there.mtu[from] { mtu = min(mtu ?? size, size) }
            }
        }
    }

    private static func needed(_ role: MachineRole) -> [PathProbe.Port] {
        PathProbe.Port.allCases.filter { $0 != .management || role == .manager }
    }

    /// Throws `unavailable` with who does not reach whom at which port, unless all ways are open.
    func requireOpen() throws(RoadsteadError) {
        guard !faults.isEmpty else { return }
        let told = faults.prefix(6).map(Self.words).joined(separator: "; ")
        let more = faults.count > 6 ? "; and \(faults.count - 6) more ways" : ""
        throw RoadsteadError(
            .unavailable,
            told + more + "; open them between the cluster's machines, in the cloud's firewall and in the hosts' own")
    }

    /// Who does not reach whom, and where: a sentence each.
    var sentences: [String] { faults.map(Self.words) }

    private static func words(_ fault: Fault) -> String {
        let ports = fault.ports.map { port in
            let parts = port.rawValue.split(separator: "/")
            return "\(parts[1])/\(parts[0])"
        }
        return "\(fault.from.name) does not reach \(fault.to.name) (\(fault.to.address)) at "
            + ports.joined(separator: ", ")
    }
}
