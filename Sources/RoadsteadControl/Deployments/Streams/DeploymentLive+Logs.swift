import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore

extension DeploymentLive {
    /// The lines of a deployment's services, of all tasks on all nodes, in the order of their time; followed, until the
    /// deployment is at rest.
    func logs(of deployment: StoredDocument, _ query: LogQuery, logger: Logger) -> EventSource {
        let engine = engine(logger)
        let (clock, kept) = (context.clock, context.deadTasks)
        return EventSource { send in
            try await engine.withTarget(of: deployment) { target in
                let reader = LogReader(
                    deployment: deployment.id, stack: DeploymentStack(deployment: deployment).name, query: query,
                    client: target.client, clock: clock, kept: kept, isAtRest: { try await isAtRest(deployment.id) })
                do { try await reader.run(send) } catch let error as EngineError {
                    throw RoadsteadError(error, doing: "read the logs of \(deployment.id)")
                }
            }
        }
    }

    /// Whether a stream of it has come to its end: nothing can follow.
    func isAtRest(_ id: ResourceID) async throws -> Bool {
        guard let document = try await context.store.find(id) else { return true }
        return DeploymentRules.state(of: document.body)?.isAtRest ?? false
    }
}

/// Reads the logs of one stack from several streams into one.
struct LogReader: Sendable {
    /// How often a followed log looks for what has come, gone, or ended early.
    static let pause = Duration.seconds(2)

    let deployment: ResourceID
    let stack: String
    let query: LogQuery
    let client: EngineClient
    let clock: any WallClock
    let kept: DeadTaskLogs
    let isAtRest: @Sendable () async throws -> Bool

    /// What is known about where lines come from.
    private struct Places: Sendable {
        var tasks: StackTasks
        var slots: [String: Int]
        var nodes: NodeNames
    }

    func run(_ send: @escaping EventSource.Send) async throws {
        let board = LogBoard(at: clock.now)
        let places = try await places()
        let keptLines = Self.newest(query.tail, of: await kept.lines(of: deployment).filter(isWanted))
        let chosen = try chosen(places.tasks, keptLines)
        for line in keptLines { await board.keep(line, at: clock.now) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Whatever the sources do: what was read is sent in order, and the end is after the last line.
                while !(await board.isOver) {
                    try await clock.sleep(for: .milliseconds(50))
                    for line in await board.ready(at: clock.now) { try await send(line.event) }
                }
                for line in await board.rest() { try await send(line.event) }
            }
            group.addTask {
                do {
                    if query.follow {
                        try await follow(chosen, isOneTask: isOneTask(chosen, keptLines), places, board)
                    } else {
                        try await readAll(chosen, places, board)
                    }
                } catch {
                    await board.end()
                    throw error
                }
                await board.end()
            }
            do { while try await group.next() != nil {} } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    // MARK: - What is read

    private enum Source: Hashable, Sendable { case service(String), task(String) }

    private func places() async throws -> Places {
        async let nodes = client.nodes()
        let tasks = try await StackTasks(stack: stack, client)
        let slots = tasks.tasks.compactMap { task in StackTasks.slot(of: task).map { (task.id, $0) } }
        return Places(
            tasks: tasks, slots: Dictionary(slots, uniquingKeysWith: { $1 }), nodes: NodeNames(try await nodes))
    }

    /// Throws `notFound` for what neither the Swarm nor the kept lines know.
    private func chosen(_ there: StackTasks, _ keptLines: [LogLine]) throws -> Set<Source> {
        let known = Set(there.services.values)
        let remembered = Set(keptLines.map(\.service))
        if let unknown = query.services.first(where: { !known.contains($0) && !remembered.contains($0) }) {
            let words = known.sorted().joined(separator: ", ")
            throw RoadsteadError(
                .notFound,
                "the deployment has no service \(unknown.prefix(100)); "
                    + (known.isEmpty ? "it has no services now" : "there are: " + words))
        }
        guard let wanted = query.task else {
            return Set(there.services.filter { isChosen($0.value) }.map { .service($0.key) })
        }
        let matches = there.matching(wanted).filter { isChosen(there.service(of: $0) ?? "") }
        if matches.isEmpty, keptLines.isEmpty {
            throw RoadsteadError(
                .notFound, "the deployment has no task \(wanted.prefix(100)); list them with the action tasks")
        }
        // A place such as web.1 has had several tasks and may get others: its lines are picked out of the service's.
        return Set(
            matches.compactMap { task in
                StackTasks.isID(wanted, of: task.id) ? .task(task.id) : task.serviceID.map { .service($0) }
            })
    }

    /// Whether nothing can follow once that task has ended.
    private func isOneTask(_ sources: Set<Source>, _ keptLines: [LogLine]) -> Bool {
        guard let wanted = query.task else { return false }
        if sources.isEmpty { return keptLines.contains { $0.task.map { StackTasks.isID(wanted, of: $0) } ?? false } }
        return sources.allSatisfy { if case .task = $0 { true } else { false } }
    }

    private func isChosen(_ service: String) -> Bool { query.services.isEmpty || query.services.contains(service) }

    private func isWanted(_ line: LogLine) -> Bool {
        if let since = query.since, let time = line.time, time < since { return false }
        if let wanted = query.task,
            !StackTasks.fits(wanted, task: line.task, service: line.service, slot: line.slot)
        {
            return false
        }
        return isChosen(line.service)
    }

    /// The newest so many of each task; all of them without a number.
    static func newest(_ count: Int?, of lines: [LogLine]) -> [LogLine] {
        guard let count else { return lines }
        var left: [String: Int] = [:]
        let newest = lines.reversed().filter { line in
            let used = left[line.task ?? "", default: 0]
            left[line.task ?? ""] = used + 1
            return used < count
        }
        return newest.reversed()
    }

    private func readAll(_ sources: Set<Source>, _ places: Places, _ board: LogBoard) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in sources {
                group.addTask {
                    var memory: LineMemory?
                    try await read(source, query.options, places, board, &memory)
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: - Following

    private enum End: Sendable { case ofSource, ofAll }

    /// Goes on when services come and go, until the deployment is at rest, or the task has ended whose lines are wanted.
    private func follow(
        _ sources: Set<Source>, isOneTask: Bool, _ places: Places, _ board: LogBoard
    ) async throws {
        if isOneTask, sources.isEmpty { return }
        try await withThrowingTaskGroup(of: End.self) { group in
            for source in sources {
                group.addTask {
                    try await follow(source, places, board)
                    return .ofSource
                }
            }
            group.addTask {
                try await watch(isOneTask ? nil : sources, board)
                return .ofAll
            }
            var left = sources.count
            while let end = try await group.next() {
                if case .ofSource = end { left -= 1 }
                if case .ofAll = end { break }
                if isOneTask, left == 0 { break }
            }
            group.cancelAll()
        }
    }

    /// Returns when the deployment is at rest. Reads the services that come meanwhile; nil: none.
    private func watch(_ known: Set<Source>?, _ board: LogBoard) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var known = known
            while try await !isAtRest() {
                try await clock.sleep(for: Self.pause)
                guard known != nil else { continue }
                let places = try await places()
                for source in try chosenNow(places.tasks) where known?.insert(source).inserted == true {
                    group.addTask { try await follow(source, places, board) }
                }
            }
            group.cancelAll()
        }
    }

    private func chosenNow(_ there: StackTasks) throws -> Set<Source> {
        do { return try chosen(there, []) } catch let error as RoadsteadError where error.code == .notFound {
            // What was there at the beginning and is gone may come again.
            return []
        }
    }

    /// An engine ends a followed log early when it restarts, or when a node's part of it is lost: it is opened again.
    private func follow(_ source: Source, _ places: Places, _ board: LogBoard) async throws {
        var (memory, options) = (LineMemory?.some(LineMemory()), query.options)
        while true {
            do { try await read(source, options, places, board, &memory) } catch let error as EngineError {
                // A service or task that is gone has no more lines.
                if error.isNotFound { return }
                throw error
            }
            if case .task(let id) = source, try await hasEnded(id) { return }
            try await clock.sleep(for: Self.pause)
            if let since = memory?.reopen() { (options.since, options.tail) = (since, nil) }
        }
    }

    private func hasEnded(_ task: String) async throws -> Bool {
        do { return try await client.task(task).status.state.isTerminal } catch  where error.isNotFound { return true }
    }

    // MARK: - Reading

    private func read(
        _ source: Source, _ options: LogOptions, _ places: Places, _ board: LogBoard, _ memory: inout LineMemory?
    ) async throws {
        let stream: LogStream
        switch source {
        case .service(let id): stream = try await client.serviceLogs(id, options)
        case .task(let id): stream = try await client.taskLogs(id, options)
        }
        var slots = places.slots
        for try await entry in stream {
            if let task = entry.taskID, slots[task] == nil {
                // A task that came later; one that is gone has slot 0 for good.
                slots[task] = (try? await client.task(task))?.slot ?? 0
            }
            let line = line(entry, places, slots)
            let isNew = memory?.isNew(line.text, from: line.task ?? line.service, at: line.time) ?? true
            guard isNew, isWanted(line) else { continue }
            await board.add(line, at: clock.now)
            while await board.isFull { try await clock.sleep(for: .milliseconds(20)) }
        }
    }

    private func line(_ entry: LogEntry, _ places: Places, _ slots: [String: Int]) -> LogLine {
        let slot = entry.taskID.flatMap { slots[$0] }
        return LogLine(
            time: entry.timestamp, service: entry.serviceID.flatMap { places.tasks.services[$0] } ?? stack,
            task: entry.taskID, slot: slot == 0 ? nil : slot, node: entry.nodeID.map { places.nodes.name($0) },
            stream: Self.name(entry.stream), text: String(entry.text.prefix(16_384)))
    }

    static func name(_ stream: OutputStream) -> String {
        switch stream {
        case .stdin, .stdout: "stdout"
        case .stderr: "stderr"
        case .system: "system"
        }
    }
}

/// The merger, shared by the streams that feed it and the one that empties it.
///
/// Of a task that has died the engine may still have what is kept here, or not: its container may be gone, or its node.
/// So the kept lines go first, and the engine's are left out where they are the same.
private actor LogBoard {
    private struct Key: Hashable {
        var task: String?
        var time: Instant?
        var text: Substring

        init(_ line: LogLine) {
            (task, time, text) = (line.task, line.time, line.text.prefix(DeadTaskLogs.longestLine))
        }
    }

    private var merger: LogMerger
    private var kept: [Key: Int] = [:]
    private(set) var isOver = false

    init(at now: Instant) { merger = LogMerger(at: now) }

    func keep(_ line: LogLine, at now: Instant) {
        kept[Key(line), default: 0] += 1
        merger.add(line, at: now)
    }

    func add(_ line: LogLine, at now: Instant) {
        if !kept.isEmpty, let count = kept[Key(line)] {
            kept[Key(line)] = count > 1 ? count - 1 : nil
            return
        }
        merger.add(line, at: now)
    }

    func ready(at now: Instant) -> [LogLine] { merger.ready(at: now) }
    func rest() -> [LogLine] { merger.rest() }
    var isFull: Bool { merger.isFull }
    func end() { isOver = true }
}
