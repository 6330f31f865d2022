import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import Synchronization
import Testing

@testable import RoadsteadCLI

@Suite struct LogFollowerTests {
    private func line(_ text: String, _ time: String) -> JSONObject {
        ["text": .string(text), "time": .string(time), "task": "t1", "service": "web"]
    }

    @Test("a log that breaks off is read on from its last lines, and no line is shown twice")
    func readsOn() async throws {
        let (asked, shown, told) = (Box<[LogSelection]>([]), Box<[String]>([]), Box<[String]>([]))
        let (one, two) = (line("one", "2026-01-02T03:04:05.000Z"), line("two", "2026-01-02T03:04:06.000Z"))
        let follower = LogFollower(
            clock: SkippingClock(),
            open: { selection, onLine in
                let round = asked.change { selections in
                    selections.append(selection)
                    return selections.count
                }
                try await onLine(one)
                if round == 1 { throw RoadsteadError(.unavailable, "gone.") }
                try await onLine(two)
            }, tell: { text in told.change { $0.append(text) } })
        try await follower.run(LogSelection(tail: 100, follow: true)) { line in
            shown.change { $0.append(line.text("text")) }
        }
        #expect(shown.value == ["one", "two"] && told.value == ["gone. Trying again …"])
        #expect(asked.value.map(\.since) == [nil, "2026-01-02T03:04:03.000Z"])
        #expect(asked.value.map(\.tail) == [100, nil])
    }

    @Test("what cannot be opened again ends with the reason, and what is not followed is not asked for twice")
    func gives() async throws {
        for (follow, attempts) in [(true, LogFollower.mostFailures + 1), (false, 1)] {
            let asked = Box(0)
            let follower = LogFollower(
                clock: SkippingClock(),
                open: { _, _ in
                    asked.change { $0 += 1 }
                    throw RoadsteadError(.unavailable, "gone")
                }, tell: { _ in })
            await #expect(throws: RoadsteadError.self) {
                try await follower.run(LogSelection(follow: follow)) { _ in }
            }
            #expect(asked.value == attempts)
        }
    }

    @Test("a stream without its end event is an error of its own, and no silent end")
    func cut() async throws {
        let id = try #require(ResourceID("deployment/d1"))
        let path = "GET /api/deployment/d1/stream/logs?follow=true"
        try await ScriptedServer.with([path: [.events("event: log\ndata: {\"text\":\"a\"}\n\n")]]) { server in
            let client = try APIClient(
                server: ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port), session: nil)
            do {
                try await client.logs(of: id, LogSelection(follow: true)) { _ in }
                Issue.record("no error")
            } catch let error as RoadsteadError {
                #expect(error.code == .unavailable && error.message.contains("before its end"))
            }
            await client.shutdown()
        }
    }

    @Test("a stop asks for volumes and images only where it was told to")
    func stop() throws {
        #expect(try DeploymentStop.parse(["shop"]).body.isEmpty)
        #expect(
            try DeploymentStop.parse(["shop", "--volumes", "--images"]).body
                == ["remove-volumes": true, "remove-images": true])
    }

    @Test("an application is shown with its license, outputs, wishes and registries")
    func app() {
        let module = document(
            """
            {"name":"shop","license":{"name":"MIT","url":"https://example.org/l","description":"Do as you like"},
             "content":{"docker-compose":"services: {}","output-parameters":[{"name":"token","description":"first login"}],
              "minimum-requirements":{"min-cpu":1.5,"min-ram":512,"min-disk":10},"architectures":["amd64","arm64"],
              "private-registries":["infrastructure-service/a","infrastructure-service/b"],
              "registries-credentials":["credential/c",""]}}
            """)
        let text = AppShow.lines(module).joined(separator: "\n")
        for words in [
            "MIT", "https://example.org/l", "Do as you like", "token (first login)",
            "1.5 cores, 512 MiB of memory, 10 MiB of disk, amd64 or arm64",
            "infrastructure-service/a with credential/c, infrastructure-service/b (whoever deploys brings the credential)",
        ] { #expect(text.contains(words), "\(words) in\n\(text)") }
    }
}

private final class Box<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        state.withLock { (value: inout sending Value) in body(&value) }
    }
}
