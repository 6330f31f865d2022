/// Labels of nodes: those of a role, and over them those of one node by its name.
public struct ClusterLabels: Sendable, Hashable {
    public var managers: [String: String]
    public var workers: [String: String]
    public var nodes: [String: [String: String]]

    public init(
        managers: [String: String] = [:], workers: [String: String] = [:], nodes: [String: [String: String]] = [:]
    ) {
        (self.managers, self.workers, self.nodes) = (managers, workers, nodes)
    }

    /// All labels that a node shall have; its own beat its role's.
    public func labels(of node: String, _ role: MachineRole) -> [String: String] {
        let common = role == .manager ? managers : workers
        return common.merging(nodes[node] ?? [:]) { $1 }
    }

    public var isEmpty: Bool { managers.isEmpty && workers.isEmpty && nodes.isEmpty }
}
