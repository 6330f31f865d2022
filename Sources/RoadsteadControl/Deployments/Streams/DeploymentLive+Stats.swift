import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore

extension DeploymentLive {
    /// CPU, memory and network of each task, about once a second, until the reader goes or the deployment is at rest. Nodes
    /// that cannot be reached are told with the reason, once until they can be reached again.
    func stats(of deployment: StoredDocument, services: [String], logger: Logger) -> EventSource {
        let (engine, clock) = (engine(logger), context.clock)
        return EventSource(hasLines: false) { send in
            try await engine.withTarget(of: deployment) { target in
                let reader = StatsReader(
                    stack: DeploymentStack(deployment: deployment).name, services: services, client: target.client,
                    clock: clock, logger: logger, isAtRest: { try await isAtRest(deployment.id) })
                do { try await reader.run(send) } catch let error as EngineError {
                    throw RoadsteadError(error, doing: "read statistics of \(deployment.id)")
                }
            }
        }
    }
}

/// Follows the containers of a stack.
private struct StatsReader {
    /// How often it looks for tasks that have come, and asks again for those whose figures have stopped.
    static let pause = Duration.seconds(3)

    let stack: String
    let services: [String]
    let client: EngineClient
    let clock: any WallClock
    let logger: Logger
    let isAtRest: @Sendable () async throws -> Bool

    func run(_ send: @escaping EventSource.Send) async throws {
        let board = StatsBoard()
        try await withThrowingTaskGroup(of: Void.self) { group in
            while try await !isAtRest() {
                let sources = await board.take(try await sources(), at: clock.now)
                let reach = sources.isEmpty ? nil : try await NodeReach(client: client, logger: logger)
                for (node, sources) in Dictionary(grouping: sources, by: \.node) {
                    guard let reach else { continue }
                    group.addTask { try await follow(sources, on: node, reach, board, send) }
                }
                try await clock.sleep(for: Self.pause)
            }
            group.cancelAll()
        }
    }

    private func sources() async throws -> [StatsSource] {
        let there = try await StackTasks(stack: stack, client)
        if let unknown = services.first(where: { !there.services.values.contains($0) }) {
            throw RoadsteadError(.notFound, "the deployment has no service \(unknown.prefix(100)) on the Swarm")
        }
        return there.tasks.compactMap { task in
            guard task.status.state == .running, let node = task.nodeID, let key = there.service(of: task),
                services.isEmpty || services.contains(key), let container = task.status.containerStatus?.containerID,
                !container.isEmpty
            else { return nil }
            return StatsSource(
                service: key, task: task.id, slot: StackTasks.slot(of: task), node: node, container: container)
        }
    }

    private func follow(
        _ sources: [StatsSource], on node: String, _ reach: NodeReach, _ board: StatsBoard,
        _ send: @escaping EventSource.Send
    ) async throws {
        let engine: (client: EngineClient, isOwn: Bool)
        do { engine = try await reach.engine(of: node) } catch let error as RoadsteadError {
            guard await board.lose(sources, on: node, at: clock.now) else { return }
            let data: JSONObject = [
                "node": .string(reach.name(node)), "message": .string(error.message),
                "tasks": JSONValue(sources.map(\.task).sorted()),
            ]
            return try await send(StreamEvent("unreachable", data))
        }
        defer { if !engine.isOwn { shutDown(engine.client) } }
        await board.reach(node)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in sources {
                group.addTask {
                    try await follow(source, engine.client, node: reach.name(node), send)
                    await board.release(source)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Not awaited: nothing uses the client any more, and the function may be ending by a cancellation.
    private func shutDown(_ client: EngineClient) { Task { await client.shutdown() } }

    /// Until the container is gone, or its engine is: the next look tells which.
    private func follow(
        _ source: StatsSource, _ engine: EngineClient, node: String, _ send: EventSource.Send
    ) async throws {
        do {
            for try await stats in try await engine.containerStats(source.container) {
                // The engine's last line of a container that has ended has no figures.
                guard stats.memory?.usage != nil else { break }
                try await send(event(source, stats, node: node))
            }
        } catch is EngineError { try Task.checkCancellation() }
        try await send(StreamEvent("ended", ["service": .string(source.service), "task": .string(source.task)]))
    }

    private func event(_ source: StatsSource, _ stats: ContainerStats, node: String) -> StreamEvent {
        var data: JSONObject = [
            "time": .string((stats.read ?? clock.now).description), "service": .string(source.service),
            "task": .string(source.task), "node": .string(node),
            "cpu-percent": stats.cpuPercent.map { .number(($0 * 100).rounded() / 100) } ?? .null,
            "memory": .integer(Int64(clamping: stats.memoryUsed ?? 0)),
            "memory-limit": .integer(Int64(clamping: stats.memory?.limit ?? 0)),
            "received": .integer(Int64(clamping: stats.bytesReceived)),
            "sent": .integer(Int64(clamping: stats.bytesSent)),
        ]
        data["slot"] = source.slot.map { JSONValue($0) }
        return StreamEvent("stats", data)
    }
}

/// One container whose figures are wanted.
struct StatsSource: Hashable, Sendable {
    var service: String
    var task: String
    var slot: Int?
    var node: String
    var container: String
}

/// Which containers are followed, and which nodes were told to be out of reach.
actor StatsBoard {
    /// How long a node that could not be reached is left alone.
    static let patience = Duration.seconds(10)

    private var followed: Set<String> = []
    private var lost: [String: Instant] = [:]

    /// Those that nobody follows; from now on somebody does.
    func take(_ sources: [StatsSource], at now: Instant) -> [StatsSource] {
        sources.filter { source in
            if let moment = lost[source.node], now - moment < Self.patience { return false }
            return followed.insert(source.container).inserted
        }
    }

    func release(_ source: StatsSource) { followed.remove(source.container) }

    /// True when it is news.
    func lose(_ sources: [StatsSource], on node: String, at now: Instant) -> Bool {
        for source in sources { release(source) }
        return lost.updateValue(now, forKey: node) == nil
    }

    func reach(_ node: String) { lost[node] = nil }
}
