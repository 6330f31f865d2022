import DockerClient
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// The watch against the fake engine: one stream for all deployments of a Swarm.
@Suite struct LiveWatchTests {
    private static let text = "services: {web: {image: 'busybox:1', command: 'echo last words', deploy: {replicas: 2}}}"

    @Test("a container that dies later is told on its deployment, with an event, and so is its return")
    func dies() async throws {
        try await LivePlane.run(watches: true) { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            let other = try await live.deployment(Self.text, name: "other", stack: "other")
            for id in [id, other] { #expect(try await live.work("start", on: id)["state"] == "SUCCESS") }
            while live.engine.swarm.watcherCount == 0 { try await Task.sleep(for: .milliseconds(20)) }

            live.engine.swarm.crash(service: "shop_web", exitCode: 3)
            let ill = try await live.document(id) { $0["health"] == "degraded" }
            #expect(ill["reason"] == "web: 1 of 2 running (task web.1 on fake: task: non-zero exit (3))")
            #expect(ill["state"] == "STARTED" && ill["health-since"] != nil)
            #expect(try await live.document(other)["health"] == "healthy", "its neighbour is well")

            live.engine.swarm.recover(service: "shop_web")
            _ = try await live.document(id) { $0["health"] == "healthy" && $0["reason"] == nil }
            let events = try await live.test.resources.query(
                "event", QueryParameters(filters: ["name='deployment.health'"], orderBy: [.init("timestamp")]),
                in: live.test.scope()
            ).resources
            #expect(events.map { $0["content"]?["state"] } == ["degraded", "healthy"])
            #expect(events.first?["description"]?.stringValue?.contains("non-zero exit (3)") == true)
            let streams = live.engine.requests.filter {
                $0.path == "/events" && $0.filters["type"]?.contains("node") == true
            }
            #expect(streams.count == 1, "one stream for both deployments")
        }
    }

    @Test("what a task wrote that died while it was watched is kept")
    func lastWords() async throws {
        try await LivePlane.run(watches: true) { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            _ = try await live.work("start", on: id)
            while live.engine.swarm.watcherCount == 0 { try await Task.sleep(for: .milliseconds(20)) }
            live.engine.swarm.crash(service: "shop_web")
            _ = try await live.document(id) { $0["health"] == "degraded" }
            let answer = try await live.test.resources.perform("stream/logs", on: id, in: live.test.scope())
            guard case .events(let source) = answer.content else { throw Missing("a stream") }
            let lines = Shared<[String]>([])
            try await source.run { event in lines.change { $0.append(event.data["text"]?.stringValue ?? "") } }
            #expect(lines.value.contains("last words"))
        }
    }

    @Test("a Swarm that does not answer is told on its deployments, and a stop ends the watch")
    func lost() async throws {
        var pace = LiveWatch.Pace()
        (pace.patience, pace.nodes) = (.milliseconds(600), .milliseconds(200))
        try await LivePlane.run(watches: true, pace: pace) { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            _ = try await live.work("start", on: id)
            while live.engine.swarm.watcherCount == 0 { try await Task.sleep(for: .milliseconds(20)) }
            live.engine.setScript { _ in .error(500, "the leader is away") }
            let lost = try await live.document(id) { $0["health"] == "unknown" }
            #expect(lost["reason"]?.stringValue?.contains("the leader is away") == true)
            live.engine.setScript(nil)
            _ = try await live.document(id) { $0["health"] == "healthy" }
            _ = try await live.work("stop", on: id)
            for _ in 0..<100 where live.engine.swarm.watcherCount > 0 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(live.engine.swarm.watcherCount == 0)
        }
    }
}
