import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore

/// What all watchers have in common.
struct SwarmSetting: Sendable {
    let context: ControlContext
    let pace: LiveWatch.Pace
    let options: EngineOptions
}

/// Watches the deployments on one Swarm by one connection to it: what is known, and when to look again.
actor SwarmWatch {
    let target: ResourceID
    let setting: SwarmSetting
    private var deployments: [ResourceID: WatchedDeployment] = [:]
    private var wakeUps: WakeUps?
    /// Dead tasks that the Swarm still lists and whose last lines are kept already, or being read, by stack.
    private var buried: [String: Set<String>] = [:]
    /// Those whose lines are being read.
    private var waiting: Set<String> = []
    private(set) var nodes = NodeNames()
    private let (ended, ending) = AsyncStream.makeStream(of: Void.self)

    init(target: ResourceID, _ setting: SwarmSetting) {
        self.target = target
        self.setting = setting
    }

    nonisolated var clock: any WallClock { setting.context.clock }
    nonisolated var pace: LiveWatch.Pace { setting.pace }
    nonisolated var logger: Logger { setting.context.logger }

    /// Until `end`, or until the task is cancelled.
    func run() async {
        let ended = ended
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.connectAgainAndAgain() }
            group.addTask { for await _ in ended {} }
            await group.next()
            group.cancelAll()
        }
    }

    nonisolated func end() { ending.finish() }

    /// A connection stands: news go there from now on.
    func begin() -> WakeUps {
        let fresh = WakeUps()
        wakeUps = fresh
        // What the last connection has left unread.
        buried = buried.mapValues { $0.subtracting(waiting) }
        waiting = []
        fresh.wake(nil)
        return fresh
    }

    // MARK: - Who is watched

    func set(_ watched: WatchedDeployment) {
        let known = deployments[watched.id]
        let updated = known?.updated(watched) ?? watched
        deployments[watched.id] = updated
        if known != updated { wakeUps?.wake(watched.stack) }
    }

    /// True when that was the last one.
    func remove(_ id: ResourceID) -> Bool {
        if let stack = deployments.removeValue(forKey: id)?.stack { buried[stack] = nil }
        return deployments.isEmpty
    }

    private var stacks: Set<String> { Set(deployments.values.map(\.stack)) }

    /// The watched stack that a service belongs to by its name.
    func stack(ofService name: String) -> String? {
        stacks.filter { name.hasPrefix($0 + "_") }.max { $0.count < $1.count }
    }

    func isWatched(_ stack: String) -> Bool { stacks.contains(stack) }

    /// Stacks that want to be looked at again by now although nothing happened.
    func due(at now: Instant) -> Set<String> {
        Set(deployments.values.filter { $0.tracker.due.map { $0 <= now } ?? false }.map(\.stack))
    }

    // MARK: - What is seen

    /// True when something about the nodes has changed.
    func note(_ nodes: NodeNames) -> Bool {
        defer { self.nodes = nodes }
        return nodes != self.nodes
    }

    /// What the documents shall say now, of the stacks that were looked at.
    func judge(_ seen: [String: StackSight]) -> [HealthRecord.Entry] {
        let now = clock.now
        return deployments.values.filter { seen[$0.stack] != nil }.compactMap { watched in
            let sight = seen[watched.stack] ?? StackSight()
            let condition = StackCondition(
                stack: watched.stack, expected: watched.services, services: sight.services, tasks: sight.tasks,
                nodes: nodes)
            var entry = entry(watched, condition.health, at: now)
            entry?.running = condition.running
            return entry
        }
    }

    /// Stacks that are not well by a look at what should run: their history tells why.
    func ailing(_ seen: [String: StackSight]) -> Set<String> {
        let bad = deployments.values.filter { watched in
            let sight = seen[watched.stack] ?? StackSight()
            let condition = StackCondition(
                stack: watched.stack, expected: watched.services, services: sight.services, tasks: sight.tasks,
                nodes: nodes)
            return condition.health.level != .healthy
        }
        return Set(bad.map(\.stack))
    }

    func lost(_ reason: String) -> [HealthRecord.Entry] {
        let now = clock.now
        return deployments.values.compactMap { entry($0, DeploymentHealth(.unknown, reason), at: now) }
    }

    private func entry(
        _ watched: WatchedDeployment, _ health: DeploymentHealth, at now: Instant
    ) -> HealthRecord.Entry? {
        var watched = watched
        defer { deployments[watched.id] = watched }
        let told = watched.isFailed ? DeploymentHealth(health.level) : health
        guard watched.tracker.observe(told, at: now) != nil else { return nil }
        return HealthRecord.Entry(id: watched.id, stack: watched.stack, health: health)
    }

    var watchedStacks: Set<String> { stacks }

    // MARK: - Tasks that died

    /// Those that died since the last look, of whose lines a copy is worth it: the engine forgets them with the container.
    /// They count as kept from now on; `read` says when they are.
    func newlyDead(_ stack: String, _ tasks: [SwarmTask]) -> [SwarmTask] {
        let dead = tasks.filter { [.failed, .rejected].contains($0.status.state) && $0.status.hasContainer }
        // At the first look only what is fresh: the rest died when nobody watched.
        let fresh = clock.now - .seconds(60)
        let new = dead.filter { task in
            guard let known = buried[stack] else { return task.status.timestamp.map { $0 >= fresh } ?? false }
            return !known.contains(task.id)
        }
        // As many as the Swarm lists: one that it has forgotten does not come again.
        buried[stack] = Set(dead.map(\.id))
        waiting.formUnion(new.map(\.id))
        return new
    }

    func read(_ task: SwarmTask) { waiting.remove(task.id) }

    /// The deployment that a stack belongs to.
    func deployment(of stack: String) -> ResourceID? { deployments.values.first { $0.stack == stack }?.id }
}

extension TaskStatus {
    /// Whether there was one to write anything.
    fileprivate var hasContainer: Bool { containerStatus?.containerID?.isEmpty == false }
}

/// What the engine has said about one stack.
struct StackSight: Sendable {
    var services: [Service] = []
    var tasks: [SwarmTask] = []
}
