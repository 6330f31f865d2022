import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore

extension SwarmWatch {
    /// Holds a connection for ever; while there is none, the deployments say so.
    nonisolated func connectAgainAndAgain() async {
        var (failures, silentSince) = (0, clock.now)
        while !Task.isCancelled {
            let begun = clock.now
            do { try await connect() } catch {
                guard !Task.isCancelled else { return }
                // One that stood for a while was good: the trouble begins with its end.
                if clock.now - begun > .seconds(30) { (failures, silentSince) = (0, clock.now) }
                failures += 1
                if clock.now - silentSince >= pace.patience { await tellLost(error) }
            }
            let pause = pace.backoff.delay(failures: failures, random: setting.context.ids.makeUnitRandom())
            do { try await clock.sleep(for: max(pause, .milliseconds(200))) } catch { return }
        }
    }

    private nonisolated func tellLost(_ error: any Error) async {
        let words = RoadsteadError.translating(error).message
        await write(await lost("the Swarm cannot be asked: \(words)"))
    }

    private nonisolated func write(_ entries: [HealthRecord.Entry]) async {
        do { try await HealthRecord(store: setting.context.store).write(entries) } catch {
            logger.warning("the health of deployments was not written", metadata: ["error": "\(error)"])
        }
    }

    private nonisolated func connect() async throws {
        let store = setting.context.store
        let access = EngineAccess(store: store, logger: logger, options: setting.options)
        let credential = try await store.get(target)
        try await access.withEngine(credential: credential) { client in try await self.follow(client) }
    }

    private static var filters: EngineFilters {
        [
            "type": ["service", "node", "container"],
            // Health checks make events of their own every few seconds; those are left out.
            "event": ["create", "update", "remove", "start", "die", "oom", "health_status"],
        ]
    }

    /// One connection; ends by throwing.
    private nonisolated func follow(_ client: EngineClient) async throws {
        let events = try await client.events(Self.filters)
        let wakeUps = await begin()
        let listeners = NodeListeners(client: client, watch: self, wakeUps: wakeUps)
        let (burials, graveyard) = AsyncStream.makeStream(of: Burial.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await event in events { await self.hear(event, wakeUps) }
                throw RoadsteadError(.unavailable, "the engine has ended its stream of events")
            }
            group.addTask { try await self.look(client, wakeUps, graveyard) }
            group.addTask { try await self.bury(burials, client) }
            group.addTask { try await self.keepTime(wakeUps) }
            group.addTask { try await listeners.run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: - News

    nonisolated func hear(_ event: EngineEvent, _ wakeUps: WakeUps) async {
        switch event.type {
        case "container":
            guard let stack = event.actor.attributes?[DesiredStack.namespaceLabel], await isWatched(stack) else {
                return
            }
            wakeUps.wake(stack)
        case "service":
            guard let stack = await stack(ofService: event.actor.attributes?["name"] ?? "") else { return }
            wakeUps.wake(stack)
        default: wakeUps.wake(nil)
        }
    }

    /// The slow look at everything, and the second looks that trackers ask for.
    private nonisolated func keepTime(_ wakeUps: WakeUps) async throws {
        var nextLook = clock.now + pace.reconcile
        while true {
            try await clock.sleep(for: .seconds(1))
            for stack in await due(at: clock.now) { wakeUps.wake(stack) }
            guard clock.now >= nextLook else { continue }
            wakeUps.wake(nil)
            nextLook = clock.now + pace.reconcile
        }
    }

    // MARK: - Looking

    private nonisolated func look(
        _ client: EngineClient, _ wakeUps: WakeUps, _ graveyard: AsyncStream<Burial>.Continuation
    ) async throws {
        var hot: [String: Int] = [:]
        var signals = wakeUps.signals.makeAsyncIterator()
        while true {
            if hot.isEmpty {
                guard await signals.next() != nil else { throw CancellationError() }
            } else {
                try await clock.sleep(for: pace.revisit)
            }
            try await clock.sleep(for: pace.gather)
            let pending = wakeUps.take()
            for stack in pending.stacks { hot[stack] = pace.revisits + 1 }
            try await look(at: Set(hot.keys), all: pending.all, client, graveyard)
            hot = hot.compactMapValues { $0 > 1 ? $0 - 1 : nil }
        }
    }

    /// More stacks than this are read with one request for all.
    private static let few = 6

    private nonisolated func look(
        at stacks: Set<String>, all: Bool, _ client: EngineClient, _ graveyard: AsyncStream<Burial>.Continuation
    ) async throws {
        if all || stacks.count > Self.few {
            let seen = try await sights(client)
            let ailing = await ailing(seen)
            await write(await judge(seen.filter { !ailing.contains($0.key) }))
            for stack in ailing.sorted() { try await look(at: stack, client, graveyard) }
        } else {
            for stack in stacks.sorted() { try await look(at: stack, client, graveyard) }
        }
    }

    private nonisolated func look(
        at stack: String, _ client: EngineClient, _ graveyard: AsyncStream<Burial>.Continuation
    ) async throws {
        let sight = try await sight(stack, client)
        await write(await judge([stack: sight]))
        guard let deployment = await deployment(of: stack) else { return }
        let names = StackTasks(stack: stack, services: sight.services, tasks: [])
        for task in await newlyDead(stack, sight.tasks) {
            graveyard.yield(Burial(task: task, service: names.service(of: task) ?? stack, deployment: deployment))
        }
    }

    // MARK: - Tasks that died

    /// A task whose last lines are to be kept.
    struct Burial: Sendable {
        let task: SwarmTask
        let service: String
        let deployment: ResourceID
    }

    /// How many are read at the same time.
    private static let readers = 4

    /// Beside the looks: a node that is slow to give its lines must not keep the health of all stacks waiting.
    private nonisolated func bury(_ burials: AsyncStream<Burial>, _ client: EngineClient) async throws {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await burial in burials {
                if running == Self.readers {
                    await group.next()
                    running -= 1
                }
                group.addTask { await self.bury(burial, client) }
                running += 1
            }
        }
        throw CancellationError()
    }

    private nonisolated func bury(_ burial: Burial, _ client: EngineClient) async {
        let kept = setting.context.deadTasks
        // A server that was started anew looks at what has just died once more.
        if !(await kept.holds(burial.task.id, of: burial.deployment)) {
            let lines = await lastLines(of: burial.task, burial.service, client)
            guard !Task.isCancelled else { return }
            await kept.add(lines, of: burial.deployment)
        }
        await read(burial.task)
    }

    /// What a task wrote in the end; nothing when it cannot be had in a moment.
    private nonisolated func lastLines(
        of task: SwarmTask, _ service: String, _ client: EngineClient
    ) async -> [LogLine] {
        let node = await nodes.name(task.nodeID ?? "")
        let slot = task.slot.flatMap { $0 > 0 ? $0 : nil }
        let found = await withTaskGroup(of: [LogLine].self) { group in
            group.addTask {
                var lines: [LogLine] = []
                guard let log = try? await client.taskLogs(task.id, LogOptions(tail: DeadTaskLogs.lines)) else {
                    return []
                }
                do {
                    for try await entry in log {
                        lines.append(
                            LogLine(
                                time: entry.timestamp, service: service, task: task.id, slot: slot, node: node,
                                stream: LogReader.name(entry.stream),
                                text: String(entry.text.prefix(DeadTaskLogs.longestLine))))
                        if lines.count > 2 * DeadTaskLogs.lines { break }
                    }
                } catch {}
                return lines
            }
            group.addTask { [clock] in
                try? await clock.sleep(for: .seconds(5))
                return []
            }
            defer { group.cancelAll() }
            return await group.next() ?? []
        }
        return found
    }

    /// With the tasks that have ended.
    private nonisolated func sight(_ stack: String, _ client: EngineClient) async throws -> StackSight {
        let label = StackEngine.label(stack)
        return StackSight(services: try await client.services(label), tasks: try await client.tasks(label))
    }

    /// All watched stacks, with what the Swarm wants to run.
    private nonisolated func sights(_ client: EngineClient) async throws -> [String: StackSight] {
        let label = DesiredStack.namespaceLabel
        let services = try await client.services(["label": [label]])
        let tasks = try await client.tasks(["label": [label], "desired-state": ["ready", "running", "complete"]])
        var seen: [String: StackSight] = [:]
        for stack in await watchedStacks { seen[stack] = StackSight() }
        var places: [String: String] = [:]
        for service in services {
            guard let stack = service.spec.labels?[label], seen[stack] != nil else { continue }
            seen[stack]?.services.append(service)
            places[service.id] = stack
        }
        for task in tasks {
            guard let stack = task.serviceID.flatMap({ places[$0] }) else { continue }
            seen[stack]?.tasks.append(task)
        }
        return seen
    }
}
