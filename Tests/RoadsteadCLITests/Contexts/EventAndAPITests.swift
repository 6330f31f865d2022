import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct EventAndAPITests {
    private func event(_ id: String, _ second: Int) -> JSONObject {
        ["id": .string(id), "timestamp": .string("2026-11-22T12:00:0\(second).000Z")]
    }

    @Test("each event is shown once, also when its moment is asked for again")
    func cursor() throws {
        var cursor = EventCursor(start: try #require(Instant(rfc3339: "2026-11-22T12:00:00.000Z")))
        #expect(cursor.fresh([event("a", 1), event("b", 2)]).map { $0.text("id") } == ["a", "b"])
        #expect(cursor.condition == "timestamp>='2026-11-22T12:00:02.000Z'")
        #expect(cursor.fresh([event("b", 2), event("c", 2)]).map { $0.text("id") } == ["c"])
        #expect(cursor.fresh([event("b", 2), event("c", 2), event("d", 3)]).map { $0.text("id") } == ["d"])
        #expect(cursor.fresh([event("d", 3)]).isEmpty)
        #expect(cursor.fresh([]).isEmpty)
    }

    @Test(
        "events begin a span ago or at a moment",
        arguments: [
            ("10m", 600), ("2h", 7200), ("3d", 259_200),
        ])
    func start(text: String, seconds: Int) {
        #expect(EventStart(argument: text) == .ago(seconds: seconds))
        #expect(EventStart(argument: "2026-11-22T09:30:00Z") != nil && EventStart(argument: "soon") == nil)
    }

    @Test(
        "a path of the API may be written in several ways, and must be one",
        arguments: [
            ("deployment", "deployment"), ("/api/deployment", "deployment"), ("api/job/x/cancel", "job/x/cancel"),
            ("", nil), ("/", nil), ("a b", nil), ("a#b", nil),
        ] as [(String, String?)])
    func paths(text: String, expected: String?) { #expect((try? APICommand.below(text)) == expected) }

    @Test("a raw request sends what it is told, and an error's answer is an answer")
    func raw() async throws {
        let answers = [
            "POST /api/data-record?a=1%202": [ScriptedServer.Answer.json(#"{"status":201}"#, status: 201)],
            "DELETE /api/data-record": [.json(#"{"status":400,"message":"no filter"}"#, status: 400)],
        ]
        try await ScriptedServer.with(answers) { server in
            let client = try APIClient(server: ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port))
            let added = try await client.raw(
                "POST", "data-record", query: [("a", "1 2")], body: RawBody(Array("{}".utf8)))
            #expect(added.status == 201 && added.error == nil)
            let refused = try await client.raw(
                "DELETE", "data-record", body: RawBody(form: [("filter", "x='y'")]), headers: [("bulk", "yes")])
            #expect(refused.status == 400 && refused.error?.code == .invalidInput)
            #expect(server.requests.map(\.body) == ["{}", "filter=x%3D%27y%27"])
            #expect(server.requests.map(\.contentType) == ["application/json", "application/x-www-form-urlencoded"])
            await client.shutdown()
        }
    }

    @Test("contexts are shown without what lets anybody in")
    func contexts() throws {
        var context = ServerContext(server: try ServerAddress("https://r.example.org"))
        context.user = "ada"
        context.cookie = Redacted("hush-cookie")
        context.apiKey = "credential/1"
        context.apiSecret = Redacted("hush-secret")
        var file = try ContextsFile([:])
        file.contexts["r"] = context
        file.current = "r"
        let document = ContextText.document("r", file, now: SystemClock().now)
        #expect(!JSONValue.object(document).text().contains("hush"))
        #expect(document["current"] == true && document["session"] == "open" && document["user"] == "ada")
        #expect(throws: RoadsteadError.self) { try ContextText.require("s", file) }
    }

    @Test(
        "a service of each kind is registered with its own credential",
        arguments: [
            (["infra", "add", "s3", "store", "--endpoint", "https://s3", "--access-key", "AK"], true),
            (["infra", "add", "s3", "store", "--endpoint", "https://s3"], false),
            (["infra", "add", "s3", "store", "--endpoint", "https://s3", "--access-key", "A", "--key", "k"], false),
            (["infra", "add", "helm-repo", "h", "--endpoint", "https://h", "--username", "ci"], true),
            (["infra", "add", "registry", "r", "--endpoint", "https://r"], false),
            (["infra", "add", "kubernetes", "k", "--endpoint", "https://k:6443"], false),
            (["infra", "add", "kubernetes", "k", "--endpoint", "https://k:6443", "--cert-path", "c"], true),
            (["infra", "add", "registry", "r", "--docker-host", "tcp://r", "--username", "ci"], false),
            (["credential", "add", "ssh-key", "k", "--private-key", "f"], true),
            (["credential", "add", "ssh-key", "k"], false),
            (["credential", "add", "s3", "k", "--access-key", "A"], false),
        ])
    func kinds(arguments: [String], isGood: Bool) {
        let parsed = try? TestRoot.parseAsRoot(arguments)
        #expect((parsed != nil) == isGood, "\(arguments)")
    }
}
