import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

/// Deployments on the real Swarm through the real server: health, revisions, streams.
@Suite("A deployment that is up", .serialized)
struct LiveDeploymentLabTests {
    private struct Shop {
        let server: ServerProcess
        let lab: LabHosts
        let id: String
        let stack: String

        func action(_ name: String, _ body: JSONValue? = nil) async throws -> (status: Int, body: JSONValue) {
            var arguments = ["-X", "POST"]
            if let body {
                arguments += ["-H", "Content-Type: application/json", "-d", body.text()]
            }
            let answer = try await server.http("\(id)/\(name)", arguments)
            return (answer.status, (try? JSONValue.parse(answer.body)) ?? .null)
        }

        /// Does an action that makes a job and waits for its end.
        func work(_ name: String, _ body: JSONValue? = nil) async throws -> JSONValue {
            let begun = try await action(name, body)
            guard begun.status == 202, let job = begun.body["location"]?.stringValue else {
                throw RoadsteadError(.unavailable, "\(name): \(begun.status) \(begun.body.text())")
            }
            for _ in 0..<600 {
                let document = try await document(job)
                if ["SUCCESS", "FAILED", "CANCELED"].contains(document["state"]?.stringValue ?? "") { return document }
                try await Task.sleep(for: .milliseconds(200))
            }
            throw RoadsteadError(.timeout, "\(job) did not end")
        }

        func document(_ id: String? = nil) async throws -> JSONValue {
            try JSONValue.parse(try await server.http(id ?? self.id).body)
        }

        func wait(
            _ limit: Duration = .seconds(30), until isWanted: (JSONValue) -> Bool
        ) async throws -> (JSONValue, Duration) {
            let start = ContinuousClock.now
            var last = JSONValue.null
            while ContinuousClock.now - start < limit {
                last = try await document()
                if isWanted(last) { return (last, ContinuousClock.now - start) }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw RoadsteadError(.timeout, "the deployment stayed \(last.text())")
        }

        func tasks() async throws -> [SwarmTask] {
            try await lab.withEngine { try await $0.tasks(["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]]) }
        }

        func specs() async throws -> [String: ServiceSpec] {
            let services = try await lab.withEngine {
                try await $0.services(["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]])
            }
            return Dictionary(uniqueKeysWithValues: services.map { ($0.spec.name ?? "", $0.spec) })
        }
    }

    private func shop(_ text: String, _ body: (Shop) async throws -> Void) async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            try await server.loginForHTTP()
            let file = text.replacing("IMAGE", with: "'\(image)'")
            try file.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            try "one".write(toFile: server.folder.file("c.txt"), atomically: true, encoding: .utf8)
            let deployed = try await server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "shop", "-o", "json"],
                directory: server.folder.path)
            try #require(deployed.status == 0, "\(deployed.transcript)\n\(server.log)")
            let id = try #require(try JSONValue.parse(deployed.output)["id"]?.stringValue)
            let shop = Shop(server: server, lab: lab, id: id, stack: try #require(ResourceID(id)).identifier)
            try await body(shop)
            let removed = try await server.cli(["deployment", "rm", "shop", "--stop"])
            #expect(removed.status == 0, "\(removed.transcript)")
            #expect(try await shop.specs().isEmpty)
        }
    }

    @Test("a container that dies on any node is told with its exit code, and that it is back")
    func dies() async throws {
        let text = """
            services:
              web:
                image: IMAGE
                command: sh -c 'echo here I am; sleep 3600'
                stop_grace_period: 0s
                deploy: {mode: global, restart_policy: {delay: 4s}}
            """
        try await shop(text) { shop in
            _ = try await shop.wait { $0["health"] == "healthy" }
            try await Task.sleep(for: .seconds(3))
            for task in try await shop.tasks() where task.status.state == .running {
                let container = try #require(task.status.containerStatus?.containerID)
                let host = try #require(try await host(of: task, shop.lab))
                try await shop.lab.withEngine(host) { try await $0.killContainer(container) }
                let (ill, after) = try await shop.wait { $0["health"] == "degraded" }
                print("killed on \(host): told after \(after)")
                #expect(ill["reason"]?.stringValue?.contains("exit (137)") == true, "\(ill["reason"] ?? "")")
                #expect(ill["state"] == "STARTED")
                _ = try await shop.wait { $0["health"] == "healthy" }
            }
            let logs = try await shop.server.http(shop.id + "/stream/logs?tail=all", ["-H", "Accept: text/plain"])
            #expect(logs.status == 200)
            #expect(logs.body.split(separator: "\n").count { $0.hasSuffix("| here I am") } >= 6, "\(logs.body)")
        }
    }

    private func host(of task: SwarmTask, _ lab: LabHosts) async throws -> String? {
        let nodes = try await lab.withEngine { try await $0.nodes() }
        return nodes.first { $0.id == task.nodeID }?.description?.hostname
    }

    @Test("five revisions are rolled back to the first, specs equal byte for byte, configs and digests too")
    func rollback() async throws {
        let text = """
            services:
              web: {image: IMAGE, command: sleep 3600, stop_grace_period: 0s, configs: [c], environment: [N=0]}
            configs: {c: {file: ./c.txt}}
            """
        try await shop(text) { shop in
            let first = try await shop.specs()
            for round in 1...4 {
                try "content \(round)".write(
                    toFile: shop.server.folder.file("c.txt"), atomically: true, encoding: .utf8)
                let again = try await shop.server.cli(
                    ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "shop", "-o", "json"],
                    directory: shop.server.folder.path)
                #expect(again.status == 0, "\(again.transcript)")
            }
            #expect(try await shop.specs() != first)
            let job = try await shop.work("rollback", ["revision": 1])
            #expect(job["state"] == "SUCCESS", "\(job.text())")
            let (after, before) = (try await shop.specs(), first)
            #expect(try encoded(after) == encoded(before))
            #expect(try await shop.document()["revision"] == 6)
        }
    }

    /// As the engine spells it; ids of configs and secrets made anew differ, their names do not.
    private func encoded(_ specs: [String: ServiceSpec]) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try specs.mapValues { spec in
            var spec = spec
            for index in spec.taskTemplate.containerSpec?.configs?.indices ?? 0..<0 {
                spec.taskTemplate.containerSpec?.configs?[index].configID = ""
            }
            return String(decoding: try encoder.encode(spec), as: UTF8.self)
        }
    }

    @Test("statistics come from every node, and a console runs a command in any task")
    func streams() async throws {
        let text = """
            services: {web: {image: IMAGE, command: sleep 3600, stop_grace_period: 0s, deploy: {mode: global}}}
            """
        try await shop(text) { shop in
            let stats = try await shop.server.http(shop.id + "/stream/stats", ["-m", "6"])
            let nodes = Set(
                stats.body.split(separator: "\n").compactMap { line -> String? in
                    guard line.hasPrefix("data: ") else { return nil }
                    return (try? JSONValue.parse(String(line.dropFirst(6))))?["node"]?.stringValue
                })
            #expect(nodes.count == 3, "\(stats.body.prefix(2000))")
            let refused = try await shop.server.http(shop.id + "/stream/exec?task=web")
            #expect(refused.status == 426, "\(refused.body)")
            let missing = try await shop.server.http(shop.id + "/stream/exec?task=nothing")
            #expect(missing.status == 404, "\(missing.body)")
            for task in try await shop.tasks() where task.status.state == .running {
                let script = Program.repository.appending(path: "Tests/LabTests/Deployments/console.py").path
                let result = try await Program.run(
                    "/usr/bin/python3",
                    [
                        script, "127.0.0.1", String(shop.server.port), shop.server.folder.file("cookies"), shop.id,
                        task.id,
                    ])
                #expect(result.status == 0 && result.output.contains("hello from"), "\(result.transcript)")
            }
            let events = try await shop.server.http("event?filter=name='deployment.exec'")
            #expect(try JSONValue.parse(events.body)["count"] == 3, "\(events.body)")
        }
    }

    @Test("a followed log shows a service that is added and a task that takes another's place, and ends with the stop")
    func follow() async throws {
        let text = """
            services:
              web:
                image: IMAGE
                command: sh -c 'echo web $$HOSTNAME; sleep 3600'
                stop_grace_period: 0s
                deploy: {restart_policy: {delay: 0s}}
            """
        try await shop(text) { shop in
            let file = shop.server.folder.file("followed")
            let folder = shop.server.folder.path
            let reader = Task {
                try await Program.run(
                    "/bin/sh", ["-c", #"exec "$0" logs --name shop -f >"$1""#, Program.roadstead, file],
                    environment: ["XDG_CONFIG_HOME": folder])
            }
            func lines() -> [String] {
                let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
                return text.split(separator: "\n").map(String.init)
            }
            func until(_ what: String, _ holds: ([String]) -> Bool) async throws {
                for _ in 0..<300 {
                    if holds(lines()) { return }
                    try await Task.sleep(for: .milliseconds(100))
                }
                throw RoadsteadError(.timeout, "\(what): \(lines())")
            }
            try await until("the first line") { $0.count == 1 }
            let task = try #require(try await shop.tasks().first { $0.status.state == .running })
            let host = try #require(try await host(of: task, shop.lab))
            let container = try #require(task.status.containerStatus?.containerID)
            try await shop.lab.withEngine(host) { try await $0.killContainer(container) }
            try await until("the line of the task in its place") { $0.count == 2 }
            let added = """

                  late: {image: IMAGE, command: "sh -c 'echo late; sleep 3600'", stop_grace_period: 0s}
                """
            let more = (text + added).replacing("IMAGE", with: "'\(try shop.lab.registry().image("busybox:1"))'")
            try more.write(toFile: shop.server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            let again = try await shop.server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "shop"], directory: shop.server.folder.path)
            #expect(again.status == 0, "\(again.transcript)")
            try await until("the added service") { $0.contains { $0.contains("late") } }
            #expect(lines().count == 3, "no line twice: \(lines())")
            let place = try await shop.server.cli(["logs", "--name", "shop", "--task", "web.1"])
            #expect(place.output.split(separator: "\n").count == 2, "\(place.transcript)")
            let stopped = try await shop.server.cli(["deployment", "stop", "shop"])
            #expect(stopped.status == 0, "\(stopped.transcript)")
            let ended = try await reader.value
            #expect(ended.status == 0, "\(ended.transcript)")
        }
    }

    @Test("a node whose engine is out of reach is named by statistics and consoles, and comes back to them")
    func unreachable() async throws {
        let text = """
            services: {web: {image: IMAGE, command: sleep 3600, stop_grace_period: 0s, deploy: {mode: global}}}
            """
        try await shop(text) { shop in
            let away = try await shop.lab.node("h3").id
            let task = try #require(
                try await shop.tasks().first { $0.nodeID == away && $0.status.state == .running }?.id)
            // The Swarm itself does not speak through this port.
            let rule = ["INPUT", "-p", "tcp", "--dport", "2376", "-j", "REJECT", "--reject-with", "tcp-reset"]
            try await inNetwork(of: "h3", shop.lab, ["/usr/sbin/iptables", "-w", "-I"] + rule)
            do {
                let stats = try await shop.server.http(shop.id + "/stream/stats", ["-m", "5"])
                #expect(stats.body.contains("event: unreachable"), "\(stats.body.prefix(2000))")
                #expect(stats.body.contains("node h3 cannot be reached"), "\(stats.body.prefix(2000))")
                #expect(stats.body.contains(#""node":"h2""#), "the others' figures come")
                let refused = try await shop.server.http(shop.id + "/stream/exec?task=\(task)")
                #expect(refused.status == 503 && refused.body.contains("node h3 cannot be reached"), "\(refused.body)")
            } catch {
                try await inNetwork(of: "h3", shop.lab, ["/usr/sbin/iptables", "-w", "-D"] + rule)
                throw error
            }
            try await inNetwork(of: "h3", shop.lab, ["/usr/sbin/iptables", "-w", "-D"] + rule)
            let stats = try await shop.server.http(shop.id + "/stream/stats", ["-m", "5"])
            #expect(stats.body.contains(#""node":"h3""#) && !stats.body.contains("unreachable"))
            let console = try await shop.server.http(shop.id + "/stream/exec?task=\(task)")
            #expect(console.status == 426, "\(console.body)")
        }
    }

    private func inNetwork(of host: String, _ lab: LabHosts, _ command: [String]) async throws {
        let pid = try await lab.command("lab", "pid", host).trimmingCharacters(in: .whitespacesAndNewlines)
        let result = try await Program.run("/usr/bin/nsenter", ["-t", pid, "-n"] + command)
        try #require(result.status == 0, "\(result.transcript)")
    }

    @Test("a stop removes volumes and images from every node when it is asked to")
    func cleans() async throws {
        let text = """
            services:
              web:
                image: IMAGE
                command: sleep 3600
                stop_grace_period: 0s
                volumes: ["data:/data"]
                deploy: {mode: global}
            volumes: {data: {}}
            """
        try await shop(text) { shop in
            let label = ["label": ["\(DesiredStack.namespaceLabel)=\(shop.stack)"]]
            func volumes() async throws -> Int {
                var count = 0
                for host in ["h1", "h2", "h3"] {
                    count += try await shop.lab.withEngine(host) { try await $0.volumes(label).count }
                }
                return count
            }
            #expect(try await volumes() == 3)
            let stopped = try await shop.server.cli(["deployment", "stop", "shop", "--volumes"])
            #expect(stopped.status == 0, "\(stopped.transcript)")
            #expect(stopped.output.contains("\(shop.stack)_data on h3"), "\(stopped.output)")
            #expect(try await volumes() == 0)
        }
    }
}
