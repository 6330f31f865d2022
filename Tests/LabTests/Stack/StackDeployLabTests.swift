import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl
import RoadsteadTestKit
import Testing

/// A stack's life on a real Swarm.
@Suite("Stacks on a real Swarm", .serialized)
struct StackDeployLabTests {
    private static let shop = """
        services:
          web:
            image: IMAGE:1
            command: httpd -f -p 8080 -h /www
            ports: ["30991:8080"]
            networks: [front, back]
            environment: {MODE: fast, ZONE: a}
            configs: [{source: page, target: /www/index.html}]
            stop_grace_period: 1s
            deploy:
              replicas: 3
              update_config: {parallelism: 2, monitor: 2s, order: start-first}
              resources: {limits: {memory: 64M}}
              placement: {constraints: [node.platform.os == linux]}
          db:
            image: IMAGE:1
            command: sleep 3600
            networks: [back]
            secrets: [token]
            volumes: ["data:/data", {type: tmpfs, target: /cache}]
            healthcheck: {test: "true", interval: 1s}
            stop_grace_period: 1s
            deploy: {restart_policy: {condition: any, delay: 1s}}
          migrate:
            image: IMAGE:1
            command: "true"
            deploy: {restart_policy: {condition: none}}
        networks: {front: {}, back: {driver: overlay, attachable: true}}
        volumes: {data: {}}
        configs: {page: {file: ./page.html}}
        secrets: {token: {file: ./token}}
        """
    private static let files = ["page.html": "hello", "token": "not so secret"]

    @Test("a stack is deployed, deployed again without replacing a task, updated where it differs, and removed")
    func life() async throws {
        try await StackTrial.run("life") { trial in
            let desired = try trial.desired(Self.shop, files: Self.files)
            let first = try await trial.deploy(desired)
            #expect(first.verdict.outcome == .succeeded, "\(first.verdict.json().text(.pretty))")
            #expect(first.plan.steps.allSatisfy { $0.action == .create })

            let tasks = try await trial.runningTasks()
            #expect(tasks.count == 4)
            let second = try await trial.deploy(desired)
            #expect(second.plan.hasNoChange, "\(second.plan.lines())")
            #expect(second.verdict.outcome == .succeeded)
            #expect(try await trial.runningTasks() == tasks)

            let changed = try trial.desired(
                Self.shop.replacing("MODE: fast", with: "MODE: slow"), files: Self.files)
            let third = try await trial.deploy(changed)
            #expect(third.verdict.outcome == .succeeded, "\(third.verdict.json().text(.pretty))")
            #expect(third.plan.steps.filter(\.isChange).map(\.name) == ["lab-life_web"])
            #expect(third.plan.steps.flatMap(\.changes).map(\.path) == ["TaskTemplate.ContainerSpec.Env.MODE"])
            #expect(try await trial.runningTasks().intersection(tasks).count == 1)

            let states = try await trial.engine.services(stack: trial.name)
            #expect(states.map(\.key) == ["db", "migrate", "web"])
            let web = try #require(states.last)
            #expect((web.running, web.desired) == (3, 3))
            #expect(web.ports == [.init(protocol: "tcp", target: 8080, published: 30991)])
            #expect(web.image.contains("@sha256:"))

            try await trial.engine.remove(stack: trial.name)
            #expect(try await trial.objects() == [])
            let left = try await trial.client.tasks(["label": ["\(DesiredStack.namespaceLabel)=\(trial.name)"]])
            #expect(left.allSatisfy { $0.status.state.isTerminal })
        }
    }

    @Test("what left the file is removed as far as was asked for, and configs only after a good end")
    func prunes() async throws {
        let before = """
            services:
              keep: {image: "IMAGE:1", command: sleep 3600, networks: [a], stop_grace_period: 1s}
              leave: {image: "IMAGE:1", command: sleep 3600, networks: [b], configs: [c], secrets: [s], stop_grace_period: 1s}
            networks: {a: {}, b: {}}
            configs: {c: {file: ./c}}
            secrets: {s: {file: ./s}}
            """
        let after = """
            services:
              keep: {image: "IMAGE:1", command: sleep 3600, networks: [a], stop_grace_period: 1s}
            networks: {a: {}}
            """
        try await StackTrial.run("prune") { trial in
            let files = ["c": "config", "s": "secret"]
            let all = ["config c", "network a", "network b", "secret s", "service keep", "service leave"]
            _ = try await trial.deploy(try trial.desired(before, files: files))
            #expect(try await trial.objects() == all)
            _ = try await trial.deploy(try trial.desired(after), options: trial.options(prune: .none))
            #expect(try await trial.objects() == all)
            _ = try await trial.deploy(try trial.desired(after), options: trial.options(prune: .services))
            #expect(try await trial.objects() == all.filter { $0 != "service leave" })
            _ = try await trial.deploy(try trial.desired(after), options: trial.options(prune: .everything))
            // An engine lists a removed network until its own part of it is taken down.
            let left = ["network a", "service keep"]
            for _ in 0..<100 where try await trial.objects() != left { try await Task.sleep(for: .milliseconds(100)) }
            #expect(try await trial.objects() == left)
        }
    }

    @Test("a stack that docker deployed is taken over without a change")
    func takesOver() async throws {
        try await StackTrial.run("takeover") { trial in
            let text = Self.shop.replacing("IMAGE", with: trial.registry.image("busybox"))
                .replacing("30991", with: "30992")
            try await TemporaryDirectory.run { folder in
                let texts = Self.files.merging(["compose.yml": "version: '3.8'\n" + text]) { $1 }
                for (name, text) in texts {
                    try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
                }
                let docker = try await Program.run(
                    Program.repository.appending(path: "Lab/swarm").path,
                    [
                        "docker", "h1", "stack", "deploy", "--resolve-image", "never", "-c", folder.file("compose.yml"),
                        trial.name,
                    ])
                #expect(docker.status == 0, "\(docker.transcript)")
            }
            let desired = try trial.desired(
                Self.shop.replacing("30991", with: "30992"), files: Self.files)
            let prepared = try await trial.engine.plan(desired, options: trial.options(resolveImage: .never))
            #expect(prepared.plan.hasNoChange, "\(prepared.plan.lines())")
        }
    }

    @Test("other contents of a config and a secret replace the tasks; the same ones again change nothing")
    func rotates() async throws {
        let text = """
            services:
              web: {image: "IMAGE:1", command: sleep 3600, configs: [c], secrets: [s], stop_grace_period: 0s,
                deploy: {update_config: {monitor: 1s}}}
            configs: {c: {file: ./c}}
            secrets: {s: {file: ./s}}
            """
        try await StackTrial.run("data") { trial in
            var tasks: Set<String> = []
            for (files, steps) in [
                (["c": "one", "s": "one"], 3), (["c": "second", "s": "one"], 2), (["c": "second", "s": "second"], 2),
                (["c": "second", "s": "second"], 0), (["c": "one", "s": "one"], 1),
            ] {
                let result = try await trial.deploy(try trial.desired(text, files: files))
                #expect(result.verdict.outcome == .succeeded, "\(result.verdict.json().text(.pretty))")
                let changes = result.plan.steps.filter { $0.isChange && $0.kind != .network }
                #expect(changes.count == steps, "\(result.plan.lines())")
                #expect(!result.plan.lines().joined().contains("second"))
                let now = try await trial.runningTasks()
                #expect(now.isDisjoint(with: tasks) == (steps > 0))
                tasks = now
            }
        }
    }

    @Test("logs of a service are those of all its tasks")
    func logs() async throws {
        let text = """
            services:
              talk: {image: "IMAGE:1", command: sh -c "echo hello from $$HOSTNAME; sleep 3600", stop_grace_period: 1s,
                deploy: {replicas: 2}}
            """
        try await StackTrial.run("logs") { trial in
            _ = try await trial.deploy(try trial.desired(text))
            let lines = try await trial.engine.lastLines(stack: trial.name, service: "talk")
            #expect(lines.count == 2)
            #expect(lines.allSatisfy { $0.contains(" hello from ") && $0.hasPrefix("20") })
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await trial.engine.logs(stack: trial.name, service: "nobody")
            }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains("there are: talk") == true)
        }
    }
}

/// What goes wrong before anything runs.
@Suite("Stacks that a Swarm or a registry refuses", .serialized)
struct StackRefusalLabTests {
    private let small = """
        services:
          web: {image: "IMAGE:1", command: sleep 3600, stop_grace_period: 1s}
        """

    @Test("a wrong password of the registry is told as such, before anything is made")
    func wrongPassword() async throws {
        try await StackTrial.run("password") { trial in
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await trial.deploy(try trial.desired(small), options: trial.options(password: "wrong-one"))
            }
            #expect(error?.code == .forbidden, "\(error as Any)")
            #expect(error?.message.contains(trial.registry.address) == true)
            #expect(error?.message.contains("wrong-one") == false)
            let made = try await trial.objects()
            #expect(made == [])
        }
    }

    @Test("a worker is told to be no manager")
    func worker() async throws {
        let lab = try LabHosts.required()
        try await lab.withEngine("h2") { client in
            let trial = StackTrial(name: "lab-worker", client: client, registry: try lab.registry())
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await trial.engine.plan(try trial.desired(small), options: trial.options(resolveImage: .never))
            }
            #expect(error?.code == .invalidState, "\(error as Any)")
            #expect(error?.message.contains("use the endpoint of a Swarm manager") == true)
        }
    }

    @Test("a port that another service publishes is told with its holder")
    func portTaken() async throws {
        let text = """
            services:
              web: {image: "IMAGE:1", command: sleep 3600, ports: ["30993:80"], stop_grace_period: 1s}
            """
        try await StackTrial.run("port-one") { first in
            _ = try await first.deploy(try first.desired(text))
            try await StackTrial.run("port-two") { second in
                let error = await #expect(throws: RoadsteadError.self) {
                    _ = try await second.deploy(try second.desired(text))
                }
                #expect(error?.code == .conflict, "\(error as Any)")
                #expect(error?.message.contains("create service lab-port-two_web") == true)
                #expect(error?.message.contains("lab-port-one_web") == true)
                #expect(error?.message.contains("30993") == true)
            }
        }
    }

    @Test("external objects that are missing are named")
    func externals() async throws {
        let text = """
            services:
              web: {image: "IMAGE:1", networks: [gone], configs: [lost]}
            networks: {gone: {external: true}}
            configs: {lost: {external: true}}
            """
        try await StackTrial.run("external") { trial in
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await trial.deploy(try trial.desired(text))
            }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains("gone") == true)
            #expect(error?.message.contains("lost") == true)
        }
    }
}
