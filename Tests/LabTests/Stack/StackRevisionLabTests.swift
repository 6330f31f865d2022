import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl
import RoadsteadTestKit
import Testing

/// Contents, revisions and dependencies of stacks on a real Swarm.
@Suite("Revisions on a real Swarm", .serialized)
struct StackRevisionLabTests {
    private static func text(_ number: Int) -> String {
        """
        services:
          web:
            image: IMAGE:\(1 + number % 2)
            command: sleep 3600
            environment: {NUMBER: "\(number)", RATE: "0.\(number)"}
            networks: [front]
            configs: [{source: page, target: /page, mode: 0440}]
            secrets: [token]
            volumes: ["data:/data"]
            stop_grace_period: 0s
            healthcheck: {test: "grep -q 'page \(number)' /page && grep -q 'token \(number)' /run/secrets/token", interval: 1s}
            deploy:
              replicas: \(1 + number % 3)
              update_config: {parallelism: 0, monitor: 1s, max_failure_ratio: 0.\(number)}
              placement: {constraints: [node.platform.os == linux], preferences: [{spread: node.id}]}
              resources: {limits: {cpus: "0.\(number)", memory: \(32 + number)M}}
        networks: {front: {}}
        volumes: {data: {}}
        configs: {page: {file: ./page}}
        secrets: {token: {file: ./token}}
        """
    }

    private static func files(_ number: Int) -> [String: String] {
        ["page": "page \(number)", "token": "token \(number)"]
    }

    @Test("each of five revisions comes back to the last byte, with its contents and digests; the last three stay")
    func fiveRevisions() async throws {
        try await StackTrial.run("revisions") { trial in
            var revisions: [(revision: StackRevision, spec: String)] = []
            for number in 1...5 {
                let prepared = try await Self.deploy(
                    try trial.desired(Self.text(number), files: Self.files(number)), trial)
                revisions.append((StackRevision(prepared.desired), try await Self.spec(trial)))
            }
            #expect(Set(revisions.map(\.spec)).count == 5)
            #expect(try await trial.objects().filter { $0.hasPrefix("config") }.count == 4)
            #expect(
                try await trial.objects().filter { $0.hasPrefix("secret") } == [
                    "secret token_2", "secret token_3", "secret token_4", "secret token_5",
                ])
            for index in [0, 3, 1] {
                let (revision, spec) = revisions[index]
                let stored = try #require(try JSONValue.parse(JSONValue.object(revision.json()).text()).objectValue)
                let read = try StackRevision(json: stored, secrets: revision.secretContents)
                let prepared = try await Self.deploy(DesiredStack(read), trial)
                #expect(prepared.plan.steps(.service).allSatisfy { $0.isRolling })
                let now = try await Self.spec(trial)
                #expect(now == spec, "revision \(index + 1)")
            }
        }
    }

    /// A good verdict proves that the tasks see the contents: their health checks read them.
    private static func deploy(_ desired: DesiredStack, _ trial: StackTrial) async throws -> PreparedStack {
        let prepared = try await trial.engine.plan(desired, options: trial.options())
        let verdict = try await trial.engine.watch(try await trial.engine.apply(prepared), timeout: .seconds(60))
        try #require(verdict.outcome == .succeeded, "\(verdict.json().text(.pretty))")
        _ = try await trial.engine.prune(prepared)
        return prepared
    }

    /// As the engine gives it; ids of objects that were pruned and made anew differ, nothing else does.
    private static func spec(_ trial: StackTrial) async throws -> String {
        var spec = try await trial.client.service("\(trial.name)_web").spec
        spec.taskTemplate.containerSpec?.configs?[0].configID = nil
        spec.taskTemplate.containerSpec?.secrets?[0].secretID = nil
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(spec), as: UTF8.self)
    }

    @Test("services come up after those that they wait for; one that fails withholds them, and nothing else")
    func dependencies() async throws {
        let text = """
            services:
              db: {image: "IMAGE:1", command: sleep 3600, stop_grace_period: 0s,
                healthcheck: {test: "true", interval: 2s, start_period: 1s}}
              migrate: {image: "IMAGE:1", command: "sh -c 'sleep 1; exit CODE'", deploy: {restart_policy: {condition: none}}}
              side: {image: "IMAGE:1", command: sleep 3600, stop_grace_period: 0s}
              web: {image: "IMAGE:1", command: sleep 3600, stop_grace_period: 0s}
            """
        for code in [0, 3] {
            try await StackTrial.run("depends-\(code)") { trial in
                var desired = try trial.desired(text.replacing("CODE", with: String(code)))
                desired.services[1].dependencies = [ServiceDependency(key: "db", condition: .healthy)]
                desired.services[3].dependencies = [ServiceDependency(key: "migrate", condition: .completed)]
                let result = try await trial.deploy(desired)
                let services = try await trial.client.services(["name": [trial.name]])
                let made = services.sorted {
                    ($0.createdAt ?? .init(millisecondsSinceEpoch: 0))
                        < ($1.createdAt ?? .init(millisecondsSinceEpoch: 0))
                }
                .compactMap { $0.spec.name?.dropFirst(trial.name.count + 1) }
                if code == 0 {
                    #expect(result.verdict.outcome == .succeeded, "\(result.verdict.json().text(.pretty))")
                    #expect(made.suffix(2) == ["migrate", "web"])
                } else {
                    #expect(result.verdict.outcomeName == "failed")
                    let reasons = Dictionary(
                        result.verdict.failures.map { ($0.service, $0.reason) }, uniquingKeysWith: { $1 })
                    #expect(reasons == ["migrate": .exited, "web": .dependencyFailed])
                    #expect(result.verdict.failures.first { $0.service == "migrate" }?.exitCode == 3)
                    #expect(Set(made) == ["db", "side", "migrate"])
                }
            }
        }
    }

    @Test("what somebody changed on the Swarm is told as drift, and put back")
    func drift() async throws {
        let text = "services: {web: {image: 'IMAGE:1', command: sleep 3600, stop_grace_period: 0s}}"
        try await StackTrial.run("drift") { trial in
            let desired = try trial.desired(text)
            let first = try await Self.deploy(desired, trial)
            var options = trial.options()
            options.last = StackRevision(first.desired)
            #expect(try await trial.engine.plan(desired, options: options).plan.drift == [])
            _ = try await trial.engine.scale(stack: trial.name, ["web": 2])
            let plan = try await trial.engine.plan(desired, options: options).plan
            #expect(plan.drift.flatMap { $0.lines() }.contains("    Mode.Replicated.Replicas: 1 -> 2"))
            #expect(plan.steps(.service).flatMap(\.changes).map(\.description) == ["Mode.Replicated.Replicas: 2 -> 1"])
        }
    }

    @Test("a network whose options changed is made anew on request, with the services on it")
    func recreates() async throws {
        let text = """
            services: {web: {image: 'IMAGE:1', command: sleep 3600, networks: [n], stop_grace_period: 0s}}
            networks: {n: {attachable: false}}
            """
        try await StackTrial.run("anew") { trial in
            _ = try await trial.deploy(try trial.desired(text))
            let changed = try trial.desired(text.replacing("false", with: "true"))
            let told = try await trial.deploy(changed)
            #expect(told.plan.hasNoChange)
            #expect(told.plan.warnings.contains { $0.contains("--recreate \(trial.name)_n") })
            var options = trial.options()
            options.recreate = ["\(trial.name)_n"]
            let result = try await trial.deploy(changed, options: options)
            #expect(result.verdict.outcome == .succeeded, "\(result.verdict.json().text(.pretty))")
            #expect(try await trial.client.network("\(trial.name)_n").attachable == true)
        }
    }
}

/// What a registry says is known before anything is touched.
@Suite("Registries that refuse", .serialized)
struct StackRegistryLabTests {
    private func refusal(_ name: String, _ image: String) async throws -> RoadsteadError {
        try await StackTrial.run(name) { trial in
            let text = """
                services:
                  good: {image: "IMAGE:1", command: sleep 3600}
                  bad: {image: "\(image)"}
                networks: {default: {}}
                """
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await trial.deploy(try trial.desired(text))
            }
            #expect(try await trial.objects() == [])
            return try #require(error)
        }
    }

    @Test("a tag that does not exist is refused with the registry's words, and nothing is made")
    func missingTag() async throws {
        let error = try await refusal("tag", "IMAGE:nowhere")
        #expect(error.code == .notFound)
        #expect(error.message.contains("manifest unknown"))
        #expect(error.message.contains("busybox:nowhere"))
    }

    @Test("another login of the registry goes to a service that is as it was, and replaces no task")
    func newLogin() async throws {
        try await StackTrial.run("login") { trial in
            let text = "services: {web: {image: 'IMAGE:1', command: sleep 3600, stop_grace_period: 0s}}"
            let desired = try trial.desired(text)
            #expect(try await trial.deploy(desired).verdict.outcome == .succeeded)
            let (tasks, before) = (try await trial.runningTasks(), try await trial.client.service("lab-login_web"))
            // The same account, in other words: what the Swarm keeps differs.
            var options = trial.options()
            var auth = trial.registry.auth
            auth.serverAddress = "https://" + trial.registry.address
            options.registryAuths = [trial.registry.address: auth]
            options.lastLogins = [trial.registry.address: "another"]
            let again = try await trial.deploy(desired, options: options)
            #expect(again.plan.hasNoChange && again.applied.services.map(\.change) == [.unchanged])
            #expect(try await trial.client.service("lab-login_web").version != before.version)
            // Whatever the Swarm would replace it replaces at once.
            try await Task.sleep(for: .seconds(3))
            #expect(try await trial.runningTasks() == tasks)
        }
    }

    @Test("a registry that is down is refused with the engine's words, and nothing is made")
    func down() async throws {
        let error = try await refusal("down", "localhost:1/a:1")
        #expect(error.code == .unavailable)
        #expect(error.message.contains("connection refused"))
    }
}
