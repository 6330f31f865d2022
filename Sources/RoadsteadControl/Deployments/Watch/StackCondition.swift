import DockerAPI
import RoadsteadBasics
import RoadsteadCompose

/// What services and tasks say about a stack at one moment. Pure.
struct StackCondition {
    let stack: String
    /// Names of the services that were deployed.
    let expected: [String]
    let services: [Service]
    /// Those that the Swarm wants, and as far as they are known those that ended.
    let tasks: [SwarmTask]
    let nodes: NodeNames

    var health: DeploymentHealth {
        let present = services.map { ServiceCondition(service: $0, key: key(of: $0), tasks: own($0), nodes: nodes) }
        let keys = Set(present.map(\.key))
        let missing = expected.filter { !keys.contains($0) }.sorted()
        let problems = missing.map { "service \($0) is not on the Swarm any more" } + present.compactMap(\.problem)
        guard !problems.isEmpty else { return DeploymentHealth(.healthy) }
        let isAnyUp = present.contains { !$0.isJob && $0.running > 0 }
        let isAnyFine = present.contains { $0.problem == nil }
        return DeploymentHealth(isAnyUp || isAnyFine ? .degraded : .down, problems.joined(separator: "; "))
    }

    /// How many tasks of each service run, for the deployment's parameters.
    var running: [String: Int] {
        let pairs = services.map { service in
            let key = key(of: service)
            return (key, ServiceCondition(service: service, key: key, tasks: own(service), nodes: nodes).running)
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private func own(_ service: Service) -> [SwarmTask] { tasks.filter { $0.serviceID == service.id } }

    private func key(of service: Service) -> String { StackEngine.key(service.spec.name ?? service.id, stack: stack) }
}

/// Names of nodes, and which of them are down.
struct NodeNames: Hashable, Sendable {
    private var names: [String: String] = [:]
    private var down: Set<String> = []

    init(_ nodes: [SwarmNode] = []) {
        for node in nodes {
            names[node.id] = node.description?.hostname ?? node.id
            if node.status?.state == "down" { down.insert(node.id) }
        }
    }

    func name(_ id: String) -> String { names[id] ?? id }
    func isDown(_ id: String) -> Bool { down.contains(id) }
}

/// What is wrong with one service.
struct ServiceCondition {
    let service: Service
    let key: String
    let tasks: [SwarmTask]
    let nodes: NodeNames

    private var mode: ServiceMode? { service.spec.mode }
    var isJob: Bool { mode?.isJob == true }

    /// What should run; for jobs what should complete.
    private var desired: Int {
        if let job = mode?.replicatedJob { return Int(clamping: job.totalCompletions ?? job.maxConcurrent ?? 1) }
        if mode?.global != nil || mode?.globalJob != nil { return wanted.count }
        return Int(clamping: mode?.replicated?.replicas ?? 1)
    }

    private var wanted: [SwarmTask] {
        tasks.filter { [.running, .ready, .complete].contains($0.desiredState) && isCurrent($0) }
    }

    /// Of a job only the last iteration counts.
    private func isCurrent(_ task: SwarmTask) -> Bool {
        guard isJob, let iteration = service.jobStatus?.jobIteration, let own = task.jobIteration else { return true }
        return own == iteration
    }

    var running: Int { Set(wanted.filter { $0.status.state == .running }.map(Self.place)).count }

    private static func place(_ task: SwarmTask) -> String {
        if let slot = task.slot, slot != 0 { return String(slot) }
        return task.nodeID ?? task.id
    }

    /// Whether a task may end well for good.
    private var mayEnd: Bool {
        let condition = service.spec.taskTemplate.restartPolicy?.condition ?? "any"
        return isJob || (condition != "any" && !condition.isEmpty)
    }

    private var completed: Int {
        guard mayEnd else { return 0 }
        let ended = tasks.filter { $0.status.state == .complete && isCurrent($0) }
        let busy = Set(wanted.filter { $0.status.state == .running }.map(Self.place))
        return Set(ended.map(Self.place)).subtracting(isJob ? [] : busy).count
    }

    var problem: String? {
        if let state = service.updateStatus?.state, ["paused", "rollback_paused"].contains(state) {
            let words = service.updateStatus?.message ?? state
            return "\(key): the Swarm has stopped an update half-way (\(words))"
        }
        return isJob ? jobProblem : shortage
    }

    private var shortage: String? {
        let there = running + completed
        guard there < desired else { return nil }
        return "\(key): \(there) of \(desired) running" + (cause.map { " (\($0))" } ?? "")
    }

    /// A job that is under way is as it should be.
    private var jobProblem: String? {
        guard completed < desired, let failure = lastFailure else { return nil }
        guard !wanted.contains(where: { !$0.status.state.isTerminal }) else { return nil }
        return "\(key): the job failed (\(words(failure)))"
    }

    // MARK: - Why

    private var cause: String? {
        if let pending = wanted.first(where: { $0.status.state == .pending && !($0.status.error ?? "").isEmpty }) {
            return pending.status.error
        }
        return lastFailure.map(words) ?? lostNode.map { "node \($0) is down" }
    }

    private var lastFailure: SwarmTask? {
        tasks.filter { [.failed, .rejected, .orphaned].contains($0.status.state) || hasEndedEarly($0) }
            .max { moment($0) < moment($1) }
    }

    private func hasEndedEarly(_ task: SwarmTask) -> Bool { task.status.state == .complete && !mayEnd }

    private func moment(_ task: SwarmTask) -> Int64 { task.status.timestamp?.millisecondsSinceEpoch ?? 0 }

    /// The Swarm gives tasks on a lost node up, and cannot say so to the node.
    private var lostNode: String? {
        tasks.compactMap(\.nodeID).first { nodes.isDown($0) }.map { nodes.name($0) }
    }

    private func words(_ task: SwarmTask) -> String {
        let name = task.slot.flatMap { $0 > 0 ? "\(key).\($0)" : nil } ?? key
        let place = task.nodeID.flatMap { $0.isEmpty ? nil : " on \(nodes.name($0))" } ?? ""
        let error = task.status.error.flatMap { $0.isEmpty ? nil : $0 }
        let code = task.status.containerStatus?.exitCode
        let words = error ?? (task.status.state == .complete ? "it ended" : task.status.state.name)
        let exit = code.flatMap { $0 != 0 && !words.contains("(\($0))") ? ", exit code \($0)" : nil } ?? ""
        return "task \(name)\(place): \(words)\(exit)"
    }
}
