import DockerAPI
import RoadsteadBasics
import Testing

@testable import RoadsteadControl

@Suite struct StackConditionTests {
    private func service(_ key: String, _ mode: ServiceMode = .replicated(2), restart: String? = nil) -> Service {
        var spec = ServiceSpec(name: "shop_" + key)
        spec.taskTemplate.containerSpec = ContainerSpec(image: "app:1")
        spec.taskTemplate.restartPolicy = restart.map { RestartPolicy(condition: $0) }
        spec.mode = mode
        return Service(id: key + "-id", version: ObjectVersion(index: 1), spec: spec)
    }

    private func task(
        _ service: String, slot: Int, _ state: TaskState, desired: TaskState = .running, error: String? = nil,
        exitCode: Int? = nil, node: String = "n1", at seconds: Int64 = 0
    ) -> SwarmTask {
        var status = TaskStatus(state: state, timestamp: Instant(millisecondsSinceEpoch: seconds * 1000))
        status.error = error
        if let exitCode {
            status.containerStatus = TaskStatus.ContainerStatus(containerID: "c", exitCode: exitCode)
        }
        var task = SwarmTask(id: "\(service)-\(slot)-\(seconds)", status: status)
        (task.serviceID, task.slot, task.nodeID, task.desiredState) = (service + "-id", slot, node, desired)
        return task
    }

    private func node(_ id: String, _ name: String, _ state: String = "ready") -> SwarmNode {
        var node = SwarmNode(id: id, version: ObjectVersion(index: 1), spec: NodeSpec())
        node.description = NodeDescription(hostname: name)
        node.status = NodeStatus(state: state)
        return node
    }

    private func health(
        _ services: [Service], _ tasks: [SwarmTask], expected: [String] = ["web"], nodes: [SwarmNode] = []
    ) -> DeploymentHealth {
        StackCondition(
            stack: "shop", expected: expected, services: services, tasks: tasks,
            nodes: NodeNames(nodes.isEmpty ? [node("n1", "h1")] : nodes)
        ).health
    }

    @Test("all that is wanted runs: healthy")
    func healthy() {
        let tasks = [task("web", slot: 1, .running), task("web", slot: 2, .running)]
        #expect(health([service("web")], tasks) == DeploymentHealth(.healthy))
    }

    @Test("a task that died is told with its node, its error and its exit code")
    func died() {
        let tasks = [
            task("web", slot: 1, .running),
            task("web", slot: 2, .failed, desired: .shutdown, error: "task: non-zero exit (3)", exitCode: 3, at: 5),
            task("web", slot: 2, .ready, desired: .ready),
        ]
        let seen = health([service("web")], tasks)
        #expect(seen.level == .degraded)
        #expect(seen.reason == "web: 1 of 2 running (task web.2 on h1: task: non-zero exit (3))")
    }

    @Test("the newest failure is the one that is told")
    func newest() {
        let tasks = [
            task("web", slot: 1, .failed, desired: .shutdown, error: "old", at: 1),
            task("web", slot: 1, .failed, desired: .shutdown, error: "new", exitCode: 137, at: 9),
        ]
        let seen = health([service("web", .replicated(1))], tasks)
        #expect(seen == DeploymentHealth(.down, "web: 0 of 1 running (task web.1 on h1: new, exit code 137)"))
    }

    @Test("no suitable node is the scheduler's own words")
    func pending() {
        let tasks = [task("web", slot: 1, .pending, error: "no suitable node (1 node not available)")]
        let seen = health([service("web", .replicated(1))], tasks)
        #expect(seen.reason == "web: 0 of 1 running (no suitable node (1 node not available))")
    }

    @Test("a node that is down is named")
    func lostNode() {
        let tasks = [
            task("web", slot: 1, .running, desired: .shutdown, node: "n2"), task("web", slot: 1, .pending, node: ""),
        ]
        let seen = health(
            [service("web", .replicated(1))], tasks, nodes: [node("n1", "h1"), node("n2", "h2", "down")])
        #expect(seen.reason == "web: 0 of 1 running (node h2 is down)")
    }

    @Test("a service that somebody removed is missed, and one of several is not all")
    func removed() {
        let tasks = [task("web", slot: 1, .running), task("web", slot: 2, .running)]
        let seen = health([service("web")], tasks, expected: ["web", "db"])
        #expect(seen == DeploymentHealth(.degraded, "service db is not on the Swarm any more"))
        #expect(health([], [], expected: ["web"]).level == .down)
    }

    @Test("a global service wants what the Swarm wants of it")
    func global() {
        let tasks = [task("web", slot: 0, .running), task("web", slot: 0, .running, node: "n2")]
        #expect(health([service("web", .global)], tasks).level == .healthy)
        let half = [task("web", slot: 0, .running), task("web", slot: 0, .preparing, node: "n2")]
        #expect(health([service("web", .global)], half).reason == "web: 1 of 2 running")
    }

    @Test("jobs are judged by what completed, not by what runs")
    func jobs() {
        let job = service("web", .replicatedJob(maxConcurrent: 1, totalCompletions: 1))
        #expect(health([job], [task("web", slot: 1, .complete, desired: .complete)]).level == .healthy)
        #expect(health([job], [task("web", slot: 1, .running, desired: .complete)]).level == .healthy)
        let failed = [task("web", slot: 1, .failed, desired: .shutdown, error: "task: non-zero exit (2)", exitCode: 2)]
        #expect(health([job], failed).reason == "web: the job failed (task web.1 on h1: task: non-zero exit (2))")
    }

    @Test("a task that may end and ended well is no shortage; one that should go on is")
    func ended() {
        let tasks = [task("web", slot: 1, .complete, desired: .shutdown, at: 3)]
        #expect(health([service("web", .replicated(1), restart: "on-failure")], tasks).level == .healthy)
        let seen = health([service("web", .replicated(1))], tasks)
        #expect(seen.reason == "web: 0 of 1 running (task web.1 on h1: it ended)")
    }

    @Test("an update that the Swarm stopped half-way is a problem although everything runs")
    func paused() {
        var paused = service("web", .replicated(1))
        paused.updateStatus = UpdateStatus(state: "paused", message: "update paused due to failure")
        let seen = health([paused], [task("web", slot: 1, .running)])
        #expect(seen.level == .degraded && seen.reason.contains("half-way (update paused due to failure)"))
    }
}
