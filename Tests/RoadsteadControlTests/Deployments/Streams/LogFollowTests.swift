import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Streams of a deployment's logs from the fake engine.
@Suite struct LogFollowTests {
    private static let text = "services: {web: {image: 'busybox:1', command: 'echo from web'}}"

    private func source(_ live: LivePlane, _ id: ResourceID, _ query: JSONObject) async throws -> EventSource {
        let answer = try await live.test.resources.perform("stream/logs", on: id, query, in: live.streaming)
        guard case .events(let source) = answer.content else { throw Missing("a stream") }
        return source
    }

    private func texts(_ live: LivePlane, _ id: ResourceID, _ query: JSONObject) async throws -> [String] {
        let lines = Shared<[String]>([])
        try await source(live, id, query).run { event in
            lines.change { $0.append(event.data["text"]?.stringValue ?? "") }
        }
        return lines.value
    }

    private func until(_ what: String, _ holds: () async throws -> Bool) async throws {
        for _ in 0..<400 {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Missing(what)
    }

    @Test(
        "a followed log tells of services that come, tells no line twice when it is opened again, and ends with a stop")
    func follow() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            try await live.work("start", on: id)
            let lines = Shared<[String]>([])
            let source = try await source(live, id, ["follow": "true"])
            let reader = Task {
                try await source.run { event in lines.change { $0.append(event.data["text"]?.stringValue ?? "") } }
            }
            try await until("the first line") { lines.value == ["from web"] }
            let client = try EngineClient(endpoint: live.engine.endpoint, logger: Logger(label: "test"))
            var spec = try #require(try await client.services().first?.spec)
            spec.name = "shop_late"
            spec.taskTemplate.containerSpec?.args = ["echo", "from late"]
            _ = try await client.createService(spec)
            await client.shutdown()
            try await until("the later service") { lines.value.contains("from late") }
            // The fake engine ends a followed log at once: each look opens it again.
            let opened = { live.engine.requests.count { $0.path.hasSuffix("/logs") } }
            let before = opened()
            try await until("a log opened again") { opened() > before + 1 }
            #expect(lines.value == ["from web", "from late"])
            try await live.work("stop", on: id)
            try await reader.value
        }
    }

    @Test("a deployment that was never started has no more to tell: its followed log and its statistics end")
    func atRest() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            #expect(try await texts(live, id, ["follow": "true"]).isEmpty)
            let answer = try await live.test.resources.perform("stream/stats", on: id, in: live.test.scope())
            guard case .events(let stats) = answer.content else { throw Missing("a stream") }
            try await stats.run { _ in Issue.record("an event") }
            #expect(!stats.hasLines)
        }
    }

    @Test("tasks are named web.1, web, or by an id's beginning; one that only the kept lines know is found there")
    func names() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            try await live.work("start", on: id)
            let kept = live.test.plane.context.deadTasks
            let moment = Instant(millisecondsSinceEpoch: 1_760_000_000_000)
            await kept.add(
                [
                    LogLine(time: moment, service: "web", task: "deadtask1", slot: 1, text: "last words"),
                    LogLine(time: moment, service: "gone", task: "deadtask2", slot: 2, text: "of another"),
                ], of: id)
            #expect(try await texts(live, id, ["task": "web.1"]) == ["last words", "from web"])
            #expect(try await texts(live, id, ["task": "web"]) == ["last words", "from web"])
            #expect(try await texts(live, id, ["task": "deadtask1"]) == ["last words"])
            #expect(try await texts(live, id, ["task": "deadtask1", "follow": "true"]) == ["last words"])
            #expect(try await texts(live, id, ["service": "gone"]) == ["of another"])
            #expect(try await texts(live, id, ["task": "gone.2"]) == ["of another"])
            for query: JSONObject in [["task": "web.2"], ["task": "nothing"], ["service": "nothing"]] {
                let failure = await live.test.failure { _ = try await texts(live, id, query) }
                #expect(failure.code == .notFound, "\(query)")
            }
        }
    }

    @Test("kept lines of a task that the Swarm still lists are told once, whether its engine has them or not")
    func listed() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            try await live.work("start", on: id)
            let client = try EngineClient(endpoint: live.engine.endpoint, logger: Logger(label: "test"))
            let task = try #require(try await client.tasks().first?.id)
            await client.shutdown()
            let time = try #require(Instant(rfc3339: "2026-01-02T03:04:05.123Z"))
            await live.test.plane.context.deadTasks.add(
                [
                    LogLine(time: time, service: "web", task: task, slot: 1, text: "from web"),
                    LogLine(time: time + .seconds(1), service: "web", task: task, slot: 1, text: "only kept"),
                ], of: id)
            #expect(try await texts(live, id, [:]) == ["from web", "only kept"])
        }
    }

    @Test("of kept lines, too, the newest so many of each task are told")
    func tail() {
        let lines = (1...6).map { LogLine(time: nil, service: "web", task: $0 % 2 == 0 ? "a" : "b", text: "\($0)") }
        #expect(LogReader.newest(2, of: lines).map(\.text) == ["3", "4", "5", "6"])
        #expect(LogReader.newest(nil, of: lines).count == 6 && LogReader.newest(0, of: lines).isEmpty)
    }
}
