import ArgumentParser
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

    @Test("a log line says where it comes from, in a column, and cannot move the cursor")
    func logs() async {
        let printer = LogPrinter(console: .standard, hasTimestamps: false)
        let first = document(#"{"service":"web","slot":1,"node":"h1","text":"hello"}"#)
        let second = document(#"{"service":"db","text":"a\u001b[2Jb","time":"2026-01-10T10:00:02Z"}"#)
        #expect(await printer.text(first) == "web.1@h1 | hello")
        #expect(await printer.text(second) == "db       | a\u{FFFD}[2Jb")
        let timed = LogPrinter(console: .standard, hasTimestamps: true)
        #expect(await timed.text(second).hasPrefix("2026-01-10T10:00:02Z db | "))
    }

    @Test("top shows the newest figures of each task, and which nodes cannot be asked")
    func top() async {
        let board = TopBoard(console: .standard)
        let figures =
            #"{"service":"web","slot":1,"task":"t","node":"h1","cpu-percent":12.34,"memory":18140365,"memory-limit":0,"received":512,"sent":2048}"#
        await board.take("stats", document(figures.replacing("12.34", with: "99")))
        await board.take("stats", document(figures))
        await board.take("unreachable", document(#"{"node":"h2","message":"no answer"}"#))
        #expect(
            await board.lines() == [
                "TASK   NODE  CPU    MEMORY    LIMIT  RECEIVED  SENT",
                "web.1  h1    12.3%  17.3 MiB  0 B    512 B     2.0 KiB",
                "h2: no answer",
            ])
    }

    @Test("what follows the task is the command's, options too")
    func exec() throws {
        let command = try #require(
            TestRoot.parseAsRoot(["exec", "--name", "shop", "-T", "web.1", "ls", "-la", "--color"]) as? Exec)
        #expect(command.task == "web.1" && command.command == ["ls", "-la", "--color"] && command.noTerminal)
        #expect(command.deployment.name == "shop" && Exec.words(["--", "ls"]) == ["ls"])
    }

    @Test("--since is a timestamp or an age")
    func since() throws {
        let now = try #require(Instant(rfc3339: "2026-11-22T10:00:00Z"))
        #expect(try LogLines.moment("10m", now: now).description == "2026-11-22T09:50:00.000Z")
        #expect(try LogLines.moment("2026-11-22T09:30:00Z", now: now).description == "2026-11-22T09:30:00.000Z")
        #expect(code { _ = try LogLines.moment("yesterday", now: now) } == .invalidInput)
    }
}
