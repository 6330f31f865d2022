import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadModel

extension SwarmMembership {
    /// All nodes, the dead among them.
    func nodes(through managers: [String]) async throws -> [SwarmNode] {
        try await asking(managers, doing: "list the Swarm's nodes") { try await $0.nodes() }
    }

    /// Makes a node a manager, and waits until the others reach it as one: before that it is no help to the quorum.
    func promote(_ nodeID: String, through managers: [String]) async throws {
        try await change(nodeID, doing: "promote node \(nodeID)", through: managers) { $0.role = "manager" }
        try await settle(nodeID, "is not reachable as a manager", through: managers, limit: times.roleChange) {
            $0.managerStatus?.reachability == "reachable"
        }
    }

    /// Makes a manager a worker, and waits until it is out of the raft: before that it cannot be removed.
    ///
    /// The managers refuse what would cost them their quorum, which they do for a moment too while one of them is new:
    /// that is waited for, and then thrown as `invalidState`.
    func demote(_ nodeID: String, through managers: [String]) async throws {
        let doing = "demote node \(nodeID)"
        let end = clock.now + times.quorum
        while true {
            do {
                try await change(nodeID, doing: doing, through: managers) { $0.role = "worker" }
                break
            } catch let error as RoadsteadError where error.message.contains("loss of quorum") {
                guard clock.now < end else {
                    throw RoadsteadError(
                        .invalidState, error.message + "; bring the other managers back first", cause: error)
                }
                try await clock.sleep(for: times.pause)
            }
        }
        try await settle(nodeID, "is still among the managers", through: managers, limit: times.roleChange) {
            $0.managerStatus == nil
        }
    }

    /// Sends the node's tasks away, and waits until they have ended, at most so long. Gives how many are left; a node that
    /// does not answer is not waited for.
    @discardableResult
    func drain(
        _ nodeID: String, through managers: [String], limit: Duration = .seconds(120)
    ) async throws -> Int {
        try await change(nodeID, doing: "drain node \(nodeID)", through: managers) { $0.availability = "drain" }
        let end = clock.now + limit
        while true {
            let left = try await asking(managers, doing: "see node \(nodeID) drained") { client in
                guard try await client.node(nodeID).status?.state == "ready" else { return 0 }
                return try await client.tasks(["node": [nodeID]]).count(where: \.holdsItsNode)
            }
            guard left > 0, clock.now < end else { return left }
            try await clock.sleep(for: times.pause)
        }
    }

    func activate(_ nodeID: String, through managers: [String]) async throws {
        try await setAvailability(nodeID, "active", through: managers)
    }

    /// Sets some labels and removes others; those that are named in neither stay.
    func setLabels(
        _ nodeID: String, set: [String: String], remove: Set<String> = [], through managers: [String]
    ) async throws {
        try await change(nodeID, doing: "label node \(nodeID)", through: managers) { spec in
            let kept = (spec.labels ?? [:]).filter { !remove.contains($0.key) }
            spec.labels = kept.merging(set) { $1 }
        }
    }

    /// Takes a worker out of the Swarm's list; one that is not there is fine. It has to be seen as down first, which is
    /// waited for unless it is forced.
    ///
    /// Throws `invalidState` for a manager, and for a node that is still up at the end.
    func remove(_ nodeID: String, through managers: [String], force: Bool = false) async throws {
        let doing = "remove node \(nodeID)"
        let end = clock.now + times.down
        while true {
            let isGone = try await asking(managers, doing: doing) { client in
                do { try await client.removeNode(nodeID, force: force) } catch let error as EngineError {
                    if error.message.contains("is not down") { return false }
                    guard error.isNotFound else { throw error }
                }
                return true
            }
            if isGone { return }
            guard clock.now < end else {
                throw RoadsteadError(
                    .invalidState, "cannot \(doing): it is still up; let its engine leave the Swarm, or switch it off")
            }
            try await clock.sleep(for: times.pause)
        }
    }

    // MARK: - Changing

    /// Decides anew, on what is there then, when somebody else was quicker.
    func change(
        _ nodeID: String, doing: String, through managers: [String], _ edit: (inout NodeSpec) -> Void
    ) async throws {
        for attempt in 1... {
            do {
                return try await asking(managers, doing: doing) { client in
                    let node = try await client.node(nodeID)
                    var spec = node.spec
                    edit(&spec)
                    guard spec != node.spec else { return }
                    try await client.updateNode(node.id, version: node.version, spec)
                }
            } catch let error as RoadsteadError where error.code == .conflict && attempt < 10 {
                try await clock.sleep(for: .milliseconds(100) * attempt)
            }
        }
    }

    private func settle(
        _ nodeID: String, _ otherwise: String, through managers: [String], limit: Duration,
        _ holds: (SwarmNode) -> Bool
    ) async throws {
        let end = clock.now + limit
        while true {
            let node = try await asking(managers, doing: "look at node \(nodeID)") { try await $0.node(nodeID) }
            if holds(node) { return }
            guard clock.now < end else {
                let name = node.description?.hostname.map { "\($0) (\(nodeID))" } ?? nodeID
                throw RoadsteadError(
                    .unavailable, "node \(name) \(otherwise) after \(limit.components.seconds) s")
            }
            try await clock.sleep(for: times.pause)
        }
    }
}

extension SwarmTask {
    /// Whether its container runs, or may.
    var holdsItsNode: Bool {
        switch status.state {
        case .assigned, .accepted, .preparing, .ready, .starting, .running: true
        default: false
        }
    }
}
