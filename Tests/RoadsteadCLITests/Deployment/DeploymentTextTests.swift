import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct DeploymentTextTests {
    private func parameter(_ name: String, _ value: String, _ node: String? = nil) -> JSONObject {
        var object: JSONObject = ["name": .string(name), "value": .string(value)]
        object["node-id"] = node.map(JSONValue.string)
        return object
    }

    @Test("an application's URLs are filled from parameters, and left out while one is missing")
    func urls() {
        let deployment = document(
            """
            {"module":{"content":{"urls":[["site","http://${hostname}:${web.tcp.80}/x"],["admin","http://${hostname}:${no}"],
             ["fixed","https://example.org"]]}}}
            """)
        let addresses = DeploymentParameters.addresses(
            deployment, [parameter("hostname", "10.0.0.1"), parameter("web.tcp.80", "8080", "web")])
        #expect(addresses.map(\.url) == ["http://10.0.0.1:8080/x", "https://example.org"])
    }

    @Test("without URLs each published TCP port is one")
    func ports() {
        let addresses = DeploymentParameters.addresses(
            [:],
            [
                parameter("hostname", "10.0.0.1"), parameter("web.tcp.80", "8080"), parameter("web.udp.53", "53"),
                parameter("web.replicas.running", "3"), parameter("api.tcp.1", ""),
            ])
        #expect(addresses.map(\.url) == ["http://10.0.0.1:8080"])
        #expect(DeploymentParameters.addresses([:], [parameter("web.tcp.80", "8080")]).isEmpty)
    }

    @Test("a plan tells what changes, with the fields that differ, and the sum")
    func plan() {
        let plan = document(
            """
            {"stack":"s","changes":3,"warnings":["no digest for x"],"steps":[
             {"kind":"network","name":"s_default","action":"unchanged"},
             {"kind":"service","name":"s_web","action":"update","changes":[{"path":"image","from":"a:1","to":"a:2"},
              {"path":"replicas","from":1,"to":3},{"path":"hostname","to":"h"}]},
             {"kind":"config","name":"s_page","action":"create"},{"kind":"service","name":"s_old","action":"remove"}]}
            """)
        #expect(
            PlanText.lines(plan, .plain) == [
                "warning: no digest for x", "~ service s_web", "    image: a:1 -> a:2", "    replicas: 1 -> 3",
                "    hostname: (none) -> h", "+ config s_page", "- service s_old",
                "1 to create, 1 to update, 1 to remove, 1 unchanged.",
            ])
    }

    @Test("a plan without changes says so")
    func emptyPlan() {
        let plan = document(#"{"steps":[{"kind":"service","name":"a","action":"unchanged"}]}"#)
        #expect(PlanText.lines(plan, .plain) == ["Nothing would change (1 objects are as they should be)."])
    }

    @Test("log lines of several services are put in order of time")
    func logs() {
        let log: JSONValue = [
            "web": ["2026-01-10T10:00:02.000000001Z second", "no time"], "db": ["2026-01-10T10:00:01.000000001Z first"],
        ]
        #expect(LogText.lines(log, hasTimestamps: false) == ["web | no time", "db  | first", "web | second"])
        #expect(LogText.lines(log, hasTimestamps: true).last == "2026-01-10T10:00:02.000000001Z web | second")
    }

    @Test("--since is a timestamp or an age")
    func since() throws {
        let now = try #require(Instant(rfc3339: "2026-11-22T10:00:00Z"))
        #expect(try DeploymentLogs.moment("10m", now: now).description == "2026-11-22T09:50:00.000Z")
        #expect(try DeploymentLogs.moment("2026-11-22T09:30:00Z", now: now).description == "2026-11-22T09:30:00.000Z")
        #expect(code { _ = try DeploymentLogs.moment("yesterday", now: now) } == .invalidInput)
    }
}
