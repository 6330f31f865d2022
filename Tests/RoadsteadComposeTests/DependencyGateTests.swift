import DockerAPI
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite("Gates of dependencies")
struct DependencyGateTests {
    private let start = Instant(millisecondsSinceEpoch: 1_000_000)

    private func service(_ restart: String = "any", replicas: UInt64 = 1, check: Bool = false) -> Service {
        var spec = ServiceSpec(name: "shop_db", mode: .replicated(replicas))
        spec.taskTemplate.containerSpec = ContainerSpec(image: "db:1")
        if check { spec.taskTemplate.containerSpec?.healthcheck = HealthConfig(test: ["CMD", "true"]) }
        spec.taskTemplate.restartPolicy = RestartPolicy(condition: restart)
        return Service(id: "db", version: ObjectVersion(index: 1), spec: spec)
    }

    private func task(
        _ slot: Int, _ state: TaskState, of service: Service, pid: Int? = nil, exitCode: Int? = nil, number: Int = 1
    ) -> SwarmTask {
        var status = TaskStatus(state: state)
        status.containerStatus = TaskStatus.ContainerStatus(containerID: "c", pid: pid, exitCode: exitCode)
        if state == .failed { status.error = "task: non-zero exit (1)" }
        var task = SwarmTask(id: "t\(slot)-\(number)", status: status)
        (task.serviceID, task.slot, task.nodeID) = ("db", slot, "n1")
        task.createdAt = start + .seconds(number)
        task.desiredState = state.isTerminal ? .shutdown : .running
        task.spec = service.spec.taskTemplate
        return task
    }

    private func gate(
        _ condition: ServiceDependency.Condition, _ service: Service, _ tasks: [SwarmTask], after seconds: Int = 1,
        timeout: Duration = .seconds(60)
    ) -> DependencyGate.State {
        var gate = DependencyGate(
            ServiceDependency(key: "db", condition: condition),
            on: ServiceExpectation(key: "db", id: "db", change: .created), startedAt: start, timeout: timeout)
        gate.feed(StackObservation(services: [service], tasks: tasks, at: start + .seconds(seconds)))
        return gate.state
    }

    @Test("started is open when containers run, though their health checks have not passed yet")
    func started() {
        let service = service(replicas: 2, check: true)
        let one = task(1, .starting, of: service, pid: 7)
        #expect(gate(.started, service, [one]) == .waiting)
        #expect(gate(.started, service, [one, task(2, .preparing, of: service)]) == .waiting)
        #expect(gate(.started, service, [one, task(2, .starting, of: service, pid: 8)]) == .open)
        #expect(gate(.healthy, service, [one, task(2, .starting, of: service, pid: 8)]) == .waiting)
    }

    @Test("healthy is open when all tasks run, which a Swarm says only of healthy ones")
    func healthy() {
        let service = service(check: true)
        #expect(gate(.healthy, service, [task(1, .running, of: service, pid: 7)]) == .open)
    }

    @Test("completed is open when a task ended with status 0, and not before")
    func completed() {
        let service = service("none")
        #expect(gate(.completed, service, [task(1, .running, of: service, pid: 7)]) == .waiting)
        #expect(gate(.completed, service, [task(1, .complete, of: service, exitCode: 0)]) == .open)
    }

    @Test("what fails the dependency fails the gate, with its cause")
    func failed() throws {
        let service = service("none")
        let state = gate(.completed, service, [task(1, .failed, of: service, exitCode: 1)])
        guard case .failed(let failure) = state else { throw RoadsteadError(.internal, "\(state)") }
        #expect(failure.reason == .exited)
        #expect(failure.exitCode == 1)
        let withheld = ServiceFailure.withheld(
            "web", waitingFor: ServiceDependency(key: "db", condition: .completed), because: failure)
        #expect(withheld.reason == .dependencyFailed)
        #expect(withheld.message.contains("web") && withheld.message.contains("db to complete"))
    }

    @Test("a dependency that is not there in time has failed")
    func timeout() throws {
        let service = service()
        let state = gate(.healthy, service, [task(1, .preparing, of: service)], after: 61)
        guard case .failed(let failure) = state else { throw RoadsteadError(.internal, "\(state)") }
        #expect(failure.reason == .timeout)
    }

    @Test("known failures are part of the verdict at once, and its JSON is read back as it was")
    func verdict() throws {
        let cause = ServiceFailure(
            service: "db", reason: .exited, message: "service db failed", taskError: "boom", exitCode: 3, node: "n",
            taskID: "t", lastLogLines: ["a"])
        #expect(ServiceFailure(json: cause.json()) == cause)
        let withheld = ServiceFailure.withheld("web", waitingFor: ServiceDependency(key: "db"), because: cause)
        var verdict = StackVerdict(
            stack: "shop", expectations: [ServiceExpectation(key: "db", id: "db", change: .created)],
            failures: [cause, withheld], startedAt: start, timeout: .seconds(60))
        verdict.feed(StackObservation(services: [service()], tasks: [], at: start))
        #expect(verdict.outcome == .failed([cause, withheld]))
        #expect(verdict.outcomeName == "failed")
    }

    @Test(
        "an outcome is called by what all failures have in common",
        arguments: [
            (ServiceFailure.Reason.updateRolledBack, "rolled-back"), (.timeout, "timed-out"), (.crashLoop, "failed"),
        ])
    func outcomes(reason: ServiceFailure.Reason, name: String) {
        var verdict = StackVerdict(
            stack: "shop", expectations: [],
            failures: [ServiceFailure(service: "a", reason: reason, message: "m")], startedAt: start,
            timeout: .seconds(60))
        verdict.feed(StackObservation(services: [], tasks: [], at: start))
        #expect(verdict.outcomeName == name)
    }
}
