import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose

/// Hears of containers that end on the other nodes of a Swarm: by the events of their own engines where those answer under
/// the same port and certificates, else by a cheap look at their tasks. The Swarm itself has no events for tasks.
actor NodeListeners {
    private let client: EngineClient
    private nonisolated let watch: SwarmWatch
    private nonisolated let wakeUps: WakeUps
    /// Nodes whose engines do not answer us.
    private var deaf: Set<String> = []
    private var listening: Set<String> = []
    private var own: String?

    init(client: EngineClient, watch: SwarmWatch, wakeUps: WakeUps) {
        self.client = client
        self.watch = watch
        self.wakeUps = wakeUps
    }

    private nonisolated var clock: any WallClock { watch.clock }
    private nonisolated var pace: LiveWatch.Pace { watch.pace }

    /// Throws when the Swarm does not answer any more.
    func run() async throws {
        own = try await client.info().swarm?.nodeID
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.look() }
            defer { group.cancelAll() }
            while true {
                let nodes = try await client.nodes()
                if await watch.note(NodeNames(nodes)) { wakeUps.wake(nil) }
                for node in unheard(nodes) {
                    listening.insert(node.id)
                    group.addTask { await self.listen(to: node) }
                }
                try await clock.sleep(for: pace.nodes)
            }
        }
    }

    private func unheard(_ nodes: [SwarmNode]) -> [SwarmNode] {
        nodes.filter { $0.id != own && $0.status?.state == "ready" && !listening.contains($0.id) }
    }

    private func setDeaf(_ id: String, _ isDeaf: Bool) {
        if isDeaf { deaf.insert(id) } else { deaf.remove(id) }
    }

    private func forget(_ id: String) {
        listening.remove(id)
        deaf.remove(id)
    }

    // MARK: - By its engine

    /// Listens for as long as it goes, and tries again ever more seldom.
    private nonisolated func listen(to node: SwarmNode) async {
        var failures = 0
        let backoff = Backoff(base: .seconds(5), cap: .seconds(300))
        while !Task.isCancelled, failures < 8 {
            await setDeaf(node.id, true)
            do {
                try await hear(node)
                failures = 0
            } catch { failures += 1 }
            // What happened between the two connections.
            wakeUps.wake(nil)
            do { try await clock.sleep(for: backoff.ceiling(failures: failures + 1)) } catch { return }
        }
        // Long enough: begun anew when the nodes are listed again.
        await forget(node.id)
    }

    private nonisolated func hear(_ node: SwarmNode) async throws {
        guard let endpoint = node.status?.addr.flatMap({ client.nodeEndpoint(at: $0) }) else {
            throw RoadsteadError(.unsupported, "the node cannot be reached")
        }
        let engine = try EngineClient(endpoint: endpoint, options: watch.setting.options, logger: watch.logger)
        do {
            try await hear(node, engine)
            await engine.shutdown()
        } catch {
            await engine.shutdown()
            throw error
        }
    }

    private nonisolated func hear(_ node: SwarmNode, _ engine: EngineClient) async throws {
        // Another machine may answer under that address.
        guard try await engine.info().swarm?.nodeID == node.id else {
            throw RoadsteadError(.unavailable, "another engine answers in the place of node \(node.id)")
        }
        let events = try await engine.events([
            "type": ["container"], "event": ["start", "die", "oom", "health_status"],
            "label": [DesiredStack.namespaceLabel],
        ])
        await setDeaf(node.id, false)
        for try await event in events { await watch.hear(event, wakeUps) }
    }

    // MARK: - By looking

    /// Whether anything has changed about what runs on nodes that cannot be heard; the answer is not even decoded.
    private func look() async throws {
        var last: Int?
        while true {
            try await clock.sleep(for: pace.look)
            guard !deaf.isEmpty else {
                last = nil
                continue
            }
            let now = try await client.tasksFingerprint([
                "node": deaf.sorted(), "desired-state": ["running"], "label": [DesiredStack.namespaceLabel],
            ])
            if let last, last != now { wakeUps.wake(nil) }
            last = now
        }
    }
}
