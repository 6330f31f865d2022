import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl
import Testing

/// The verdict in each case, on a real Swarm. The cases run side by side: most of their time is waiting.
@Suite("Verdict on a real Swarm", .serialized)
struct StackVerdictLabTests {
    private struct Case: Sendable {
        var name: String
        var service: String
        var reason: ServiceFailure.Reason?
        var error: String? = nil
        var exitCode: Int? = nil
        var log: String? = nil
        var timeout = Duration.seconds(90)
    }

    private static let fast = "restart_policy: {condition: any, delay: 500ms}"

    private static let cases = [
        Case(name: "up", service: "{image: 'IMAGE:1', command: sleep 3600, deploy: {replicas: 2}}"),
        Case(name: "everywhere", service: "{image: 'IMAGE:1', command: sleep 3600, deploy: {mode: global}}"),
        Case(
            name: "healthy",
            service: "{image: 'IMAGE:1', command: sleep 3600, healthcheck: {test: 'true', interval: 1s}}"),
        Case(name: "none", service: "{image: 'IMAGE:1', deploy: {replicas: 0}}"),
        Case(
            name: "once",
            service: "{image: 'IMAGE:1', command: 'true', deploy: {restart_policy: {condition: on-failure}}}"),
        Case(name: "job", service: "{image: 'IMAGE:1', command: 'true', deploy: {mode: replicated-job, replicas: 2}}"),
        Case(
            name: "nowhere",
            service: "{image: 'IMAGE:1', deploy: {mode: global, placement: {constraints: [node.labels.x == y]}}}"),
        Case(
            name: "crash",
            service: "{image: 'IMAGE:1', command: sh -c 'echo no disk left; exit 3', deploy: {\(fast)}}",
            reason: .crashLoop, error: "non-zero exit (3)", exitCode: 3, log: "no disk left"),
        Case(
            name: "ends", service: "{image: 'IMAGE:1', command: 'true', deploy: {\(fast)}}", reason: .crashLoop,
            exitCode: 0),
        Case(
            name: "exits",
            service: "{image: 'IMAGE:1', command: 'false', deploy: {restart_policy: {condition: none}}}",
            reason: .exited, error: "non-zero exit (1)", exitCode: 1),
        Case(
            name: "noimage", service: "{image: 'IMAGE:nowhere', command: sleep 3600, deploy: {\(fast)}}",
            reason: .imageNotFound, error: "No such image"),
        Case(
            name: "nobind", service: "{image: 'IMAGE:1', volumes: ['/no/such/folder:/x'], deploy: {\(fast)}}",
            reason: .rejected, error: "bind source path does not exist: /no/such/folder"),
        Case(
            name: "nonode",
            service: "{image: 'IMAGE:1', deploy: {placement: {constraints: [node.labels.x == y]}}}",
            reason: .noSuitableNode, error: "scheduling constraints not satisfied on 3 nodes"),
        Case(
            name: "sick",
            service: "{image: 'IMAGE:1', command: sleep 3600, stop_grace_period: 1s, "
                + "healthcheck: {test: 'false', interval: 1s, retries: 1}, deploy: {\(fast)}}",
            reason: .unhealthy, error: "unhealthy container"),
        Case(
            name: "badjob",
            service: "{image: 'IMAGE:1', command: sh -c 'exit 5', deploy: {mode: replicated-job, "
                + "restart_policy: {condition: on-failure, delay: 500ms, max_attempts: 1}}}",
            reason: .jobFailed, error: "non-zero exit (5)", exitCode: 5),
        Case(
            name: "global-job",
            service: "{image: 'IMAGE:1', command: sh -c 'echo no table; exit 6', deploy: {mode: global-job, "
                + "restart_policy: {condition: none}}}",
            reason: .jobFailed, error: "non-zero exit (6)", exitCode: 6, log: "no table"),
        Case(
            name: "slow",
            service: "{image: 'IMAGE:1', command: sleep 3600, "
                + "healthcheck: {test: 'false', interval: 1s, start_period: 5m}}",
            reason: .timeout, timeout: .seconds(12)),
    ]

    @Test("each way to come up or to fail is told for what it is")
    func cases() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, one) in Self.cases.enumerated() {
                if index >= 4 { try await group.next() }
                group.addTask { try await Self.judge(one) }
            }
            try await group.waitForAll()
        }
    }

    private static func judge(_ one: Case) async throws {
        try await StackTrial.run("verdict-\(one.name)") { trial in
            let desired = try trial.desired("services:\n  it: \(one.service)\n")
            // Nodes are to find out for themselves what registries would refuse beforehand.
            let verdict = try await trial.deploy(
                desired, options: trial.options(resolveImage: .never), timeout: one.timeout
            ).verdict
            let shown = Comment(rawValue: "\(one.name): \(verdict.json().text(.pretty))")
            #expect(verdict.failures.map(\.reason) == (one.reason.map { [$0] } ?? []), shown)
            #expect((verdict.outcome == .succeeded) == (one.reason == nil), shown)
            guard let failure = verdict.failures.first else { return }
            if let error = one.error { #expect(failure.taskError?.contains(error) == true, shown) }
            if let code = one.exitCode { #expect(failure.exitCode == code, shown) }
            if let log = one.log { #expect(failure.lastLogLines == [log], shown) }
            if one.reason != .noSuitableNode, one.reason != .timeout { #expect(failure.node != nil, shown) }
        }
    }

    @Test("a job on every node is done when its task has ended well on each of them")
    func globalJob() async throws {
        try await StackTrial.run("verdict-jobs") { trial in
            let text = "services:\n  it: {image: 'IMAGE:1', command: 'true', deploy: {mode: global-job}}\n"
            let verdict = try await trial.deploy(try trial.desired(text)).verdict
            #expect(verdict.outcome == .succeeded, "\(verdict.json().text(.pretty))")
            let nodes = Set(try await trial.client.nodes().map(\.id))
            // A Swarm remembers tasks of services that are gone, as an earlier run leaves them.
            let label = ["label": ["\(DesiredStack.namespaceLabel)=\(trial.name)"]]
            let services = Set(try await trial.client.services(label).map(\.id))
            let tasks = try await trial.client.tasks(label).filter { services.contains($0.serviceID ?? "") }
            let done = tasks.filter { $0.status.state == .complete }.compactMap(\.nodeID)
            #expect(Set(done) == nodes && done.count == nodes.count, "\(tasks)")
        }
    }

    @Test("a service that somebody removes while its deployment is watched has failed for that")
    func removed() async throws {
        let text = """
            services:
              it: {image: 'IMAGE:1', command: sleep 3600, healthcheck: {test: 'false', interval: 1s, start_period: 5m}}
              other: {image: 'IMAGE:1', command: sleep 3600}
            """
        try await StackTrial.run("verdict-removed") { trial in
            let prepared = try await trial.engine.plan(try trial.desired(text), options: trial.options())
            let applied = try await trial.engine.apply(prepared)
            async let watched = trial.engine.watch(applied, timeout: .seconds(90))
            try await trial.client.removeService("\(trial.name)_it")
            let verdict = try await watched
            let shown = Comment(rawValue: verdict.json().text(.pretty))
            #expect(verdict.outcome != .succeeded, shown)
            #expect(verdict.failures.map(\.service) == ["it"] && verdict.failures[0].reason == .removed, shown)
        }
    }

    @Test(
        "an update that fails is told for what the Swarm made of it, with the cause",
        arguments: [("pause", ServiceFailure.Reason.updatePaused), ("rollback", .updateRolledBack)])
    func update(action: String, reason: ServiceFailure.Reason) async throws {
        let text = """
            services:
              it:
                image: IMAGE:1
                command: COMMAND
                stop_grace_period: 1s
                deploy:
                  replicas: 2
                  update_config: {failure_action: \(action), monitor: 3s}
                  rollback_config: {monitor: 1s}
                  restart_policy: {delay: 500ms}
            """
        try await StackTrial.run("update-\(action)") { trial in
            let good = try trial.desired(text.replacing("COMMAND", with: "sleep 3600"))
            #expect(try await trial.deploy(good).verdict.outcome == .succeeded)
            let bad = try trial.desired(text.replacing("COMMAND", with: "sh -c 'echo wrong key; exit 7'"))
            let verdict = try await trial.deploy(bad).verdict
            let failure = try #require(verdict.failures.first, "\(verdict.json().text(.pretty))")
            #expect(failure.reason == reason)
            #expect(failure.exitCode == 7)
            #expect(failure.lastLogLines == ["wrong key"])
            // The good file mends it, paused or not.
            #expect(try await trial.deploy(good).verdict.outcome == .succeeded)
        }
    }
}
