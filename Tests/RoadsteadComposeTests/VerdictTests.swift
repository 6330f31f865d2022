import DockerAPI
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

/// Cases that need several services or an exact order of events.
@Suite("Verdict")
struct VerdictTests {
    private let start = Instant(millisecondsSinceEpoch: 1_000_000)

    private func service(_ id: String, replicas: UInt64 = 1) -> Service {
        var spec = ServiceSpec(name: "shop_" + id)
        spec.taskTemplate.containerSpec = ContainerSpec(image: "app:1")
        spec.mode = .replicated(replicas)
        return Service(id: id, version: ObjectVersion(index: 1), spec: spec)
    }

    private func task(_ service: String, _ number: Int, _ state: TaskState, exitCode: Int? = nil) -> SwarmTask {
        var status = TaskStatus(state: state)
        if let exitCode {
            status.error = "task: non-zero exit (\(exitCode))"
            status.containerStatus = TaskStatus.ContainerStatus(containerID: "c\(number)", exitCode: exitCode)
        }
        var task = SwarmTask(id: "\(service)-\(number)", status: status)
        task.serviceID = service
        task.slot = 1
        task.nodeID = "n1"
        task.createdAt = start + .seconds(number)
        task.desiredState = state.isTerminal ? .shutdown : .running
        task.spec = self.service(service).spec.taskTemplate
        return task
    }

    private func verdict(_ ids: [String], timeout: Duration = .seconds(300)) -> StackVerdict {
        StackVerdict(
            stack: "shop", expectations: ids.map { ServiceExpectation(key: $0, id: $0, change: .created) },
            startedAt: start, timeout: timeout)
    }

    private func observe(_ ids: [String], _ tasks: [SwarmTask], after seconds: Int) -> StackObservation {
        StackObservation(
            services: ids.map { service($0) }, tasks: tasks, nodeNames: ["n1": "host-1"], at: start + .seconds(seconds))
    }

    @Test("an application that crashes until its database is up has not failed")
    func crashesWhileOthersStart() {
        var verdict = verdict(["app", "db"])
        let crashes = (1...4).map { task("app", $0, .failed, exitCode: 1) }
        verdict.feed(observe(["app", "db"], crashes + [task("db", 1, .preparing)], after: 20))
        #expect(verdict.outcome == .converging)
        let up = [task("app", 5, .running), task("db", 1, .running)]
        verdict.feed(observe(["app", "db"], crashes + up, after: 25))
        verdict.feed(observe(["app", "db"], crashes + up, after: 60))
        #expect(verdict.outcome == .succeeded)
    }

    @Test("an application that crashes although its database is up has failed")
    func crashesAfterOthersStarted() throws {
        var verdict = verdict(["app", "db"])
        let crashes = (1...3).map { task("app", $0, .failed, exitCode: 1) }
        verdict.feed(observe(["app", "db"], crashes + [task("db", 1, .running)], after: 20))
        #expect(verdict.outcome == .converging)
        verdict.feed(
            observe(["app", "db"], crashes + [task("app", 4, .starting), task("db", 1, .running)], after: 26))
        verdict.feed(
            observe(
                ["app", "db"], crashes + [task("app", 4, .failed, exitCode: 1), task("db", 1, .running)], after: 28))
        #expect(verdict.failures.map(\.service) == ["app"])
        #expect(verdict.failures.first?.node == "host-1")
    }

    @Test("two services that only crash do not wait for each other")
    func bothCrash() {
        var verdict = verdict(["a", "b"])
        for round in 1...6 {
            let tasks = (1...round).flatMap {
                [task("a", $0, .failed, exitCode: 1), task("b", $0, .failed, exitCode: 1)]
            }
            verdict.feed(observe(["a", "b"], tasks, after: round * 5))
        }
        #expect(verdict.failures.map(\.reason) == [.crashLoop, .crashLoop])
    }

    @Test("a failure is told after a short wait for the others, which stay without a verdict")
    func doesNotWaitForever() throws {
        var verdict = verdict(["a", "b"])
        var rejected = [task("a", 1, .rejected), task("a", 2, .rejected)]
        for index in rejected.indices { rejected[index].status.error = "No such image: nope:1" }
        verdict.feed(observe(["a", "b"], rejected + [task("b", 1, .preparing)], after: 1))
        #expect(verdict.outcome == .converging)
        verdict.feed(observe(["a", "b"], rejected + [task("b", 1, .preparing)], after: 6))
        guard case .failed(let failures) = verdict.outcome else {
            Issue.record("\(verdict.outcome)")
            return
        }
        #expect(failures.map(\.reason) == [.imageNotFound])
        #expect(verdict.services.map(\.state) == [.failed, .converging])
    }

    @Test("a task that failed before must stay up for longer")
    func patienceGrows() {
        var verdict = verdict(["a"])
        let tasks = [task("a", 1, .failed, exitCode: 1), task("a", 2, .running)]
        verdict.feed(observe(["a"], tasks, after: 1))
        verdict.feed(observe(["a"], tasks, after: 7))
        #expect(verdict.outcome == .converging)
        verdict.feed(observe(["a"], tasks, after: 11))
        #expect(verdict.outcome == .succeeded)
    }

    @Test("a job that the Swarm gives up before its attempts are used has failed, at once and not at the time limit")
    func abandoned() {
        let (job, restart) = (giving(service("a"), attempts: 1), RestartPolicy(condition: "on-failure", maxAttempts: 1))
        var failed = task("a", 1, .failed, exitCode: 5)
        failed.spec?.restartPolicy = restart
        var again = task("a", 2, .ready)
        again.spec?.restartPolicy = restart
        var verdict = verdict(["a"])
        func feed(_ tasks: [SwarmTask], _ seconds: Int) {
            verdict.feed(
                StackObservation(services: [job], tasks: tasks, nodeNames: [:], at: start + .seconds(seconds)))
        }
        // A next attempt that waits for its delay is one that will come.
        feed([failed, again], 1)
        feed([failed, again], 30)
        #expect(verdict.outcome == .converging)
        feed([failed], 31)
        #expect(verdict.outcome == .converging)
        feed([failed], 36)
        #expect(verdict.failures.map(\.reason) == [.jobFailed])
        #expect(verdict.failures.map(\.exitCode) == [5])
    }

    private func giving(_ service: Service, attempts: UInt64) -> Service {
        var service = service
        service.spec.mode = .replicatedJob(maxConcurrent: nil, totalCompletions: nil)
        service.spec.taskTemplate.restartPolicy = RestartPolicy(condition: "on-failure", maxAttempts: attempts)
        return service
    }

    @Test("a Swarm that leaves old tasks alone is reminded, again and again but not for ever")
    func standstill() {
        var verdict = verdict(["a"])
        var old = task("a", 1, .running)
        old.spec?.containerSpec?.image = "app:0"
        var reminders: [Int] = []
        for second in 0..<120 {
            verdict.feed(observe(["a"], [old], after: second))
            if verdict.takeReminders(at: start + .seconds(second)) == ["a"] { reminders.append(second) }
        }
        #expect(reminders == [10, 20, 30, 40, 50])
    }

    @Test("a Swarm that is updating, or has nothing to replace, is left in peace")
    func noReminder() {
        var verdict = verdict(["a"])
        var old = task("a", 1, .running)
        old.spec?.containerSpec?.image = "app:0"
        var updating = service("a")
        updating.updateStatus = UpdateStatus(state: "updating")
        for second in 0..<60 {
            let now = start + .seconds(second)
            let tasks = second < 30 ? [old] : [task("a", 2, .preparing)]
            verdict.feed(
                StackObservation(
                    services: [second < 30 ? updating : service("a")], tasks: tasks, nodeNames: [:], at: now))
            #expect(verdict.takeReminders(at: now).isEmpty)
        }
    }

    @Test("an old task that still runs keeps a service from being up")
    func waitsForOldTasks() {
        var verdict = verdict(["a"])
        var old = task("a", 1, .running)
        old.slot = 2
        old.spec?.containerSpec?.image = "app:0"
        verdict.feed(observe(["a"], [old, task("a", 2, .running)], after: 1))
        verdict.feed(observe(["a"], [old, task("a", 2, .running)], after: 20))
        #expect(verdict.outcome == .converging)
        old.desiredState = .shutdown
        verdict.feed(observe(["a"], [old, task("a", 2, .running)], after: 30))
        verdict.feed(observe(["a"], [old, task("a", 2, .running)], after: 36))
        #expect(verdict.outcome == .succeeded)
    }

    @Test("a service that somebody removes has failed")
    func removed() {
        var verdict = verdict(["a"])
        verdict.feed(observe(["a"], [task("a", 1, .running)], after: 1))
        verdict.feed(observe([], [], after: 2))
        #expect(verdict.failures.map(\.reason) == [.removed])
    }

    @Test("a stack without services has succeeded at once")
    func nothing() { #expect(verdict([]).outcome == .succeeded) }

    @Test("log lines are asked for once and become part of the failure")
    func logs() throws {
        var verdict = verdict(["a"])
        verdict.feed(observe(["a"], (1...3).map { task("a", $0, .failed, exitCode: 7) }, after: 20))
        let request = try #require(verdict.logRequests.first)
        #expect(request == StackVerdict.LogRequest(service: "a", taskID: "a-3"))
        verdict.record(logLines: ["no disk"], for: request)
        #expect(verdict.logRequests.isEmpty)
        guard case .failed(let failures) = verdict.outcome else {
            Issue.record("\(verdict.outcome)")
            return
        }
        #expect(failures.first?.lastLogLines == ["no disk"])
        #expect(
            failures.first?.lines() == [
                "service a crashed 3 times", "  error: task: non-zero exit (7)", "  exit code: 7", "  node: host-1",
                "  | no disk",
            ])
    }

    @Test("a verdict as JSON has what people and programs need")
    func json() {
        var verdict = verdict(["a"])
        verdict.feed(observe(["a"], (1...3).map { task("a", $0, .failed, exitCode: 7) }, after: 20))
        #expect(
            verdict.json() == [
                "outcome": "failed", "message": "service a crashed 3 times (task: non-zero exit (7))",
                "services": [
                    [
                        "service": "a", "name": "shop_a", "mode": "replicated", "state": "failed", "running": 0,
                        "desired": 1, "completed": 0, "message": "crash-loop",
                    ]
                ],
                "failures": [
                    [
                        "service": "a", "reason": "crash-loop", "message": "service a crashed 3 times",
                        "error": "task: non-zero exit (7)", "exit-code": 7, "node": "host-1", "task": "a-3",
                    ]
                ],
                "warnings": [],
            ])
    }
}
