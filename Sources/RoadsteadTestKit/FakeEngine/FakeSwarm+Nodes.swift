import DockerAPI
import Foundation
import RoadsteadBasics
import Synchronization

extension FakeSwarm {
    /// Ids of different Swarms differ, as real ones do.
    private static let begun = Atomic<UInt64>(0)

    /// A Swarm whose first manager is at `address`.
    static func begin(at address: String, locks: Bool) -> (FakeSwarm, nodeID: String) {
        let swarm = FakeSwarm()
        let nodeID = swarm.state.withLock { state in
            if locks { state.unlockKey = Redacted("SWMKEY-1-" + UUID().uuidString) }
            state.counter += 1000 * begun.add(1, ordering: .relaxed).newValue
            state.swarmID = state.nextID("swarm")
            state.nodes = []
            return add(&state, role: "manager", address: address)
        }
        return (swarm, nodeID)
    }

    func admit(role: String, address: String) -> String {
        state.withLock { Self.add(&$0, role: role, address: address) }
    }

    private static func add(_ state: inout State, role: String, address: String) -> String {
        var node = SwarmNode(
            id: state.nextID("node"), version: ObjectVersion(index: state.nextIndex()),
            spec: NodeSpec(labels: [:], role: role, availability: "active"))
        node.description = NodeDescription(
            hostname: address, platform: Platform(architecture: "x86_64", os: "linux"))
        node.status = NodeStatus(state: "ready", addr: address)
        if role == "manager" { node.managerStatus = managerStatus(of: node, isLeader: state.nodes.isEmpty) }
        state.nodes.append(node)
        return node.id
    }

    private static func managerStatus(of node: SwarmNode, isLeader: Bool = false) -> ManagerStatus {
        ManagerStatus(leader: isLeader, reachability: "reachable", addr: (node.status?.addr ?? "") + ":2377")
    }

    var unlockKey: Redacted<String>? { state.withLock { $0.unlockKey } }

    func isManager(_ nodeID: String) -> Bool {
        state.withLock { $0.nodes.first { $0.id == nodeID }?.spec.role == "manager" }
    }

    /// What the others see of a node.
    public func setState(of nodeID: String, _ word: String, reachability: String) {
        state.withLock { state in
            guard let index = state.nodes.firstIndex(where: { $0.id == nodeID }) else { return }
            state.nodes[index].status?.state = word
            state.nodes[index].managerStatus?.reachability = reachability
        }
    }

    private static let tokens = ["Worker": "SWMTKN-1-fake-worker", "Manager": "SWMTKN-1-fake-manager"]

    func role(ofToken token: String) -> String? { Self.tokens.first { $0.value == token }?.key.lowercased() }

    // MARK: - Routes

    func nodes(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        switch (request.method, rest.first) {
        case ("GET", nil) where request.path == "/nodes": return .json(state.withLock { $0.nodes })
        case ("GET", nil):
            let id = state.withLock { $0.swarmID }
            return .json(FakeCluster(id: id, version: ObjectVersion(index: 8), joinTokens: Self.tokens))
        case ("GET", "unlockkey"): return .json(["UnlockKey": unlockKey?.exposed ?? ""])
        case ("GET", let id?):
            let nodes = state.withLock { $0.nodes }
            return nodes.first { $0.id == id || $0.description?.hostname == id }.map { .json($0) }
                ?? .error(404, "node \(id) not found")
        case ("POST", let id?) where rest.last == "update": return updateNode(request, id)
        case ("DELETE", let id?): return removeNode(request, id)
        default: return .error(404, "page not found")
        }
    }

    private func updateNode(_ request: FakeRequest, _ id: String) -> FakeReply {
        state.withLock { state in
            guard let index = state.nodes.firstIndex(where: { $0.id == id }) else {
                return .error(404, "node \(id) not found")
            }
            guard let spec = request.decode(NodeSpec.self) else { return .error(400, "invalid spec") }
            let node = state.nodes[index]
            guard request.query["version"] == String(node.version.index) else { return Self.outOfSequence }
            if spec.role != "manager", node.spec.role == "manager" {
                guard state.nodes.count(where: { $0.spec.role == "manager" }) > 1 else {
                    return .error(
                        400,
                        "rpc error: code = FailedPrecondition desc = can't remove member from the raft: this would "
                            + "result in a loss of quorum")
                }
            }
            state.nodes[index].spec = spec
            state.nodes[index].version = ObjectVersion(index: state.nextIndex())
            Self.follow(spec.role, &state, index)
            return .empty()
        }
    }

    /// Real managers take a moment for it.
    private static func follow(_ role: String?, _ state: inout State, _ index: Int) {
        if role == "manager", state.nodes[index].managerStatus == nil {
            state.nodes[index].managerStatus = managerStatus(of: state.nodes[index])
        } else if role == "worker", let old = state.nodes[index].managerStatus {
            state.nodes[index].managerStatus = nil
            if old.leader == true, let next = state.nodes.firstIndex(where: { $0.managerStatus != nil }) {
                state.nodes[next].managerStatus?.leader = true
            }
        }
    }

    private func removeNode(_ request: FakeRequest, _ id: String) -> FakeReply {
        state.withLock { state in
            guard let index = state.nodes.firstIndex(where: { $0.id == id }) else {
                return .error(404, "node \(id) not found")
            }
            let node = state.nodes[index]
            if node.managerStatus != nil {
                return .error(
                    400,
                    "rpc error: code = FailedPrecondition desc = node \(id) is a cluster manager and is a member of the "
                        + "raft cluster. It must be demoted to worker before removal")
            }
            guard node.status?.state == "down" || request.query["force"] == "true" else {
                return .error(
                    400, "rpc error: code = FailedPrecondition desc = node \(id) is not down and can't be removed")
            }
            state.nodes.remove(at: index)
            return .empty()
        }
    }

    static let outOfSequence = FakeReply.error(
        500, "rpc error: code = Unknown desc = update out of sequence")
}

private struct FakeCluster: Encodable {
    var id: String
    var version: ObjectVersion
    var joinTokens: [String: String]

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
        case joinTokens = "JoinTokens"
    }
}
