import DockerAPI
import RoadsteadBasics

/// A service's tasks at one moment, sorted into what matters to a verdict.
struct TaskCensus: Sendable {
    let all: [SwarmTask]
    /// Of the service's spec as it is now, or of the current iteration of a job.
    let current: [SwarmTask]
    private let service: Service
    private let currentIDs: Set<String>

    init(service: Service, tasks: [SwarmTask]) {
        self.service = service
        all = tasks.sorted { ($0.createdAt ?? .distantPast, $0.id) < ($1.createdAt ?? .distantPast, $1.id) }
        let template = service.spec.taskTemplate.comparable
        let iteration = service.spec.mode?.isJob == true ? service.jobStatus?.jobIteration : nil
        current = all.filter { task in
            if let iteration { return task.jobIteration == nil || task.jobIteration == iteration }
            return task.spec.map { $0.comparable == template } ?? true
        }
        currentIDs = Set(current.map(\.id))
    }

    func isCurrent(_ task: SwarmTask) -> Bool { currentIDs.contains(task.id) }

    /// The slot, or for global services the node.
    static func place(of task: SwarmTask) -> String {
        if let slot = task.slot, slot != 0 { return String(slot) }
        return task.nodeID.orNil ?? ""
    }

    /// Whether a task that has ended already when the watch began belongs to the time before this deployment.
    func isOld(_ task: SwarmTask, expectation: ServiceExpectation) -> Bool {
        if expectation.change == .created || isJob { return !isCurrent(task) }
        guard let update = service.updateStatus?.startedAt, let created = task.createdAt else { return true }
        return created < update
    }
}

// MARK: - What the service wants

extension TaskCensus {
    var isJob: Bool { service.spec.mode?.isJob == true }
    private var isGlobal: Bool { service.spec.mode?.global != nil || service.spec.mode?.globalJob != nil }
    var image: String { service.spec.image ?? "" }
    var isUpdating: Bool { ["updating", "rollback_started"].contains(service.updateStatus?.state) }
    var failureAction: String { (service.spec.updateConfig?.failureAction).orDefault("pause") }

    var monitor: Duration? { service.spec.updateConfig?.monitor.nonZero.map { .nanoseconds($0) } }

    /// Where the file defines one; an image's own is not visible to a Swarm.
    var hasHealthcheck: Bool {
        let test = service.spec.taskTemplate.containerSpec?.healthcheck?.test.orNil
        return test.map { $0 != ["NONE"] } ?? false
    }

    private var restartCondition: String { (service.spec.taskTemplate.restartPolicy?.condition).orDefault("any") }

    /// Whether a task may end with status 0 for good.
    var mayEnd: Bool { isJob || restartCondition != "any" }

    /// How often a task is tried at most; nil is without end.
    var attempts: Int? {
        if restartCondition == "none" { return 1 }
        return service.spec.taskTemplate.restartPolicy?.maxAttempts.nonZero.map { Int(clamping: $0) + 1 }
    }

    /// How many tasks should run, or for jobs should complete.
    var desired: Int {
        if let job = service.spec.mode?.replicatedJob {
            return Int(clamping: job.totalCompletions ?? job.maxConcurrent ?? 1)
        }
        if isGlobal { return Set(wanted.map(Self.place)).count }
        return Int(clamping: service.spec.mode?.replicated?.replicas ?? 1)
    }
}

// MARK: - What there is

extension TaskCensus {
    /// Tasks that the Swarm wants: for jobs those that ended well too.
    private var wanted: [SwarmTask] {
        current.filter { $0.isWanted || ($0.status.state == .complete && mayEnd) }
    }

    var running: [SwarmTask] { current.filter { $0.isWanted && $0.status.state == .running } }

    /// Places whose last task ended well, where it may.
    var completed: Int {
        guard mayEnd else { return 0 }
        let ended = current.filter { $0.status.state == .complete }
        let busy = isJob ? [] : Set(running.map(Self.place))
        return Set(ended.map(Self.place)).subtracting(busy).count
    }

    /// Tasks of an older spec that the Swarm has yet to replace.
    private var outdated: [SwarmTask] {
        all.filter { !currentIDs.contains($0.id) && $0.isWanted && !$0.status.state.isTerminal }
    }

    /// Nothing runs, waits or has ended well at a place.
    func isAbandoned(_ place: String) -> Bool {
        !wanted.contains { task in
            Self.place(of: task) == place && (!task.status.state.isTerminal || task.status.state == .complete)
        }
    }

    /// Old tasks wait to be replaced, and the Swarm is not about to.
    var standsStill: Bool { !outdated.isEmpty && !isUpdating }

    var unplaced: [SwarmTask] {
        current.filter { $0.isWanted && $0.status.state == .pending && $0.status.error.orNil != nil }
    }

    var isEmptyGlobal: Bool { isGlobal && wanted.isEmpty && outdated.isEmpty && !isUpdating }

    var isConverged: Bool {
        guard !isUpdating, !isEmptyGlobal else { return false }
        if isJob { return completed >= desired }
        let up = Set(running.map(Self.place)).count
        return outdated.isEmpty && up + completed >= desired
    }

    /// The state of what is not there yet, in a few words.
    func words(updateState: String?, lastFailure: TaskFailure?) -> String {
        if updateState == "rollback_started" { return "rolling back" }
        let waiting = current.filter { $0.isWanted && $0.status.state != .running && !$0.status.state.isTerminal }
        if let task = unplaced.first { return task.status.error ?? "pending" }
        if let task = waiting.first {
            let failure = lastFailure.map { " after: \($0.error)" } ?? ""
            return task.status.state.name + failure
        }
        if isUpdating { return "updating" }
        if let lastFailure, !isConverged { return lastFailure.error }
        return isJob ? "completed" : isConverged ? "running" : "waiting"
    }
}

extension SwarmTask {
    /// The Swarm means it to run (or to wait, ready, for its turn).
    var isWanted: Bool { desiredState == .running || desiredState == .ready || desiredState == .complete }
}

extension TaskSpec {
    /// What makes the Swarm replace a task: all but the placement, which it checks by the node.
    var comparable: TaskSpec {
        var spec = canonical { $0 }
        spec.placement = nil
        return spec
    }
}

extension Instant {
    static var distantPast: Instant { Instant(millisecondsSinceEpoch: 0) }
}
