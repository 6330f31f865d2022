import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// Watches the services until each does what it should or has failed, and returns the verdict with the last log
    /// lines of what failed.
    ///
    /// An engine that does not answer for a while (`Pace.outage`) is borne; then throws its error.
    public func watch(
        _ applied: AppliedStack, timeout: Duration = .seconds(600), rules: VerdictRules = VerdictRules(),
        progress: @Sendable @escaping (StackProgress) async -> Void = { _ in }
    ) async throws -> StackVerdict {
        let verdict = StackVerdict(
            stack: applied.stack, expectations: applied.services, failures: applied.failures, rules: rules,
            startedAt: clock.now, timeout: timeout)
        guard verdict.outcome == .converging else { return verdict }
        do {
            let decided = try await follow(verdict, applied, progress)
            return await addingLogs(to: decided)
        } catch { throw RoadsteadError.translating(error, doing: "watch stack \(applied.stack)") }
    }

    private func follow(
        _ verdict: StackVerdict, _ applied: AppliedStack,
        _ progress: @Sendable @escaping (StackProgress) async -> Void
    ) async throws -> StackVerdict {
        var (verdict, shown) = (verdict, [ServiceProgress]())
        var watcher = StackWatcher(applied: applied, client: client, clock: clock, pace: pace)
        try await withWakeUps { wakeUps in
            for await _ in wakeUps {
                guard let observation = try await watcher.observe(progress) else { continue }
                verdict.feed(observation)
                if verdict.services != shown {
                    shown = verdict.services
                    await progress(.watching(services: shown, fraction: verdict.fraction))
                }
                if verdict.outcome != .converging { break }
                for id in verdict.takeReminders(at: observation.at) { await remind(id, progress) }
                // Events come in swarms.
                try await clock.sleep(for: .milliseconds(50))
            }
            try Task.checkCancellation()
        }
        return verdict
    }

    /// An update without a change. When it fails there will be another occasion.
    private func remind(_ id: String, _ progress: @Sendable (StackProgress) async -> Void) async {
        guard let service = try? await client.service(id),
            (try? await client.updateService(id, version: service.version, service.spec)) != nil
        else { return }
        let name = service.spec.name ?? id
        await progress(.note("the Swarm left the update of service \(name) half-way; it was told to go on"))
    }

    /// The last lines of each failed task; a log that cannot be had in time is no reason to withhold the verdict.
    private func addingLogs(to verdict: StackVerdict) async -> StackVerdict {
        var verdict = verdict
        let requests = verdict.logRequests
        let logs = try? await concurrently(requests, limit: 8) { request in
            let lines = try? await within(.seconds(5)) { try await lastLines(ofTask: request.taskID) }
            return (request, lines ?? [])
        }
        for (request, lines) in logs ?? [] { verdict.record(logLines: lines, for: request) }
        return verdict
    }

    private func lastLines(ofTask id: String, count: Int = 20) async throws -> [String] {
        var lines: [String] = []
        for try await entry in try await client.taskLogs(id, LogOptions(tail: count)) {
            lines.append(String(entry.text.prefix(1000)))
            if lines.count > count { lines.removeFirst() }
        }
        return lines
    }

    /// Gives `body` a sequence with an element whenever it is worth looking again: an event of the Swarm, or the pace.
    func withWakeUps(_ body: (AsyncStream<Void>) async throws -> Void) async throws {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock, pace] in
                defer { continuation.finish() }
                var waited = Duration.zero
                while !Task.isCancelled {
                    continuation.yield()
                    let interval = waited < .seconds(20) ? pace.first : pace.later
                    try? await clock.sleep(for: interval)
                    waited += interval
                }
            }
            group.addTask { [client] in
                // Without events (an old proxy, a lost connection) the pace alone will do.
                guard let events = try? await client.events(["type": ["service"], "scope": ["swarm"]]) else { return }
                do { for try await _ in events { continuation.yield() } } catch {}
            }
            defer { group.cancelAll() }
            try await body(stream)
        }
    }
}

/// Asks the engine what a verdict wants to know.
struct StackWatcher {
    let applied: AppliedStack
    let client: EngineClient
    let clock: any WallClock
    let pace: StackEngine.Pace
    private var nodeNames: [String: String] = [:]
    private var silentSince: Instant?

    init(applied: AppliedStack, client: EngineClient, clock: any WallClock, pace: StackEngine.Pace) {
        self.applied = applied
        self.client = client
        self.clock = clock
        self.pace = pace
    }

    /// nil when the engine does not answer at the moment.
    mutating func observe(
        _ progress: @Sendable (StackProgress) async -> Void
    ) async throws -> StackObservation? {
        do {
            let observation = try await ask()
            silentSince = nil
            return observation
        } catch {
            try Task.checkCancellation()
            guard error.isPassing else { throw error }
            let since = silentSince ?? clock.now
            silentSince = since
            guard clock.now - since < pace.outage else { throw error }
            await progress(.note("the engine does not answer, trying on: \(error.words)"))
            try await clock.sleep(for: pace.later)
            return nil
        }
    }

    private mutating func ask() async throws(EngineError) -> StackObservation {
        let label = StackEngine.label(applied.stack)
        // Tasks first: a service read after them never has an older spec than theirs.
        let tasks = try await client.tasks(label)
        let services = try await client.services(label)
        let nodes = Set(tasks.compactMap(\.nodeID)).filter { !$0.isEmpty }
        if !nodes.isSubset(of: nodeNames.keys) {
            for node in try await client.nodes() { nodeNames[node.id] = node.description?.hostname ?? node.id }
            // One that left the Swarm is known by its id.
            for id in nodes where nodeNames[id] == nil { nodeNames[id] = id }
        }
        return StackObservation(services: services, tasks: tasks, nodeNames: nodeNames, at: clock.now)
    }
}

extension EngineError {
    /// Whether it may be over soon: no answer, or a Swarm that elects a leader.
    var isPassing: Bool {
        switch kind {
        case .unreachable, .timeout: true
        case .engine(let status): status >= 500 && !isNotSwarmManager
        default: false
        }
    }
}
