import RoadsteadBasics
import RoadsteadModel
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct DeploymentLogFetchTests {
    @Test(
        "a second fetch gives what is new since the newest line; a component that is not there costs the others nothing"
    )
    func fetch() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(
                "services: {web: {image: 'busybox:1', command: 'echo hello there'}}", stack: "shop")
            try await live.work("start", on: id)
            let made = try await live.test.resources.perform(
                "create-log", on: id, ["components": ["web", "nothing"]], in: live.test.scope())
            let log = try #require(TestPlane.operation(made)?.resourceID.flatMap { ResourceID($0) })
            for (round, lines) in [(1, ["2026-01-02T03:04:05.123Z hello there"]), (2, []), (3, [])] {
                let job = try await live.work("fetch", on: log)
                #expect(job["state"] == "SUCCESS", "\(job)")
                #expect(job["status-message"]?.stringValue?.contains("no service nothing") == true)
                let document = try await live.document(log)
                #expect(document["log"]?["web"] == JSONValue(lines), "fetch \(round)")
                #expect(document["log"]?["nothing"] == [])
                #expect(document["last-timestamp"] == "2026-01-02T03:04:05.123Z")
            }
        }
    }

    @Test("a page begins at the newest line, else where it was asked to, and leaves out what was given")
    func page() {
        let first = LogPage(["components": ["web"], "since": "2026-01-01T00:00:00Z"])
        #expect(first.since == Instant(rfc3339: "2026-01-01T00:00:00Z") && first.count == 200)
        let lines = ["2026-01-01T00:00:01.000Z a", "2026-01-01T00:00:02.500Z b"]
        #expect(first.new(lines) == lines)
        #expect(first.newest(of: lines) == Instant(rfc3339: "2026-01-01T00:00:02.500Z"))
        #expect(first.newest(of: []) == nil)
        let next = LogPage(["components": ["web"], "lines": 5, "last-timestamp": "2026-01-01T00:00:02.500Z"])
        #expect(next.count == 5 && next.new(lines + ["2026-01-01T00:00:02.501Z c"]) == ["2026-01-01T00:00:02.501Z c"])
    }

    @Test("a log is offered while the services are there: not on the way up or down, and not at rest")
    func offered() async throws {
        let test = try await TestPlane.make()
        let rules = try #require(test.resources.catalog.rules("deployment") as? DeploymentRules)
        let offering = DeploymentState.allCases.filter {
            rules.offers("create-log", on: ["state": .string($0.rawValue)])
        }
        #expect(Set(offering) == [.started, .updating, .error])
    }
}
