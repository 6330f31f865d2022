import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient
import Synchronization
import Testing

@testable import RoadsteadCLI

@Suite struct EventAndAPITests {
    private func event(_ id: Int) -> JSONObject { ["id": .string("event/\(id)")] }

    @Test("each event is shown once, however often it comes, and only so many are remembered")
    func cursor() throws {
        var cursor = EventCursor()
        #expect(cursor.fresh([event(1), event(2), event(1)]).map { $0.text("id") } == ["event/1", "event/2"])
        #expect(cursor.fresh([event(2), event(3)]).map { $0.text("id") } == ["event/3"])
        #expect(cursor.fresh([]).isEmpty)
        let many = (4..<20_001).map(event)
        #expect(cursor.fresh(many).count == many.count)
        #expect(cursor.fresh([event(20_000)]).isEmpty && cursor.fresh([event(1)]).count == 1)
    }

    private static func told(_ id: Int, place: String) -> String {
        "id: \(place)\nevent: event\ndata: {\"id\":\"event/\(id)\"}\n\n"
    }

    @Test("a feed that breaks is taken up behind its last event, or where it began, until the session ends")
    func feed() async throws {
        let away = ScriptedServer.Answer.json(#"{"status":503,"message":"starting"}"#, status: 503)
        let answers: [String: [ScriptedServer.Answer]] = [
            "GET /api/event?filter=x%3D1": [
                .events("retry: 3000\nid: 5.0.event/0\n: listening\n\n", breaksOff: true), away,
                .events(Self.told(1, place: "6.1.event/1"), breaksOff: true),
                .events(Self.told(2, place: "7.1.event/2") + "event: end\ndata: {\"message\":\"logged out\"}\n\n"),
            ]
        ]
        try await ScriptedServer.with(answers) { server in
            let client = try APIClient(
                server: ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port), clock: SkippingClock())
            let seen = Mutex<[String]>([])
            let error = await #expect(throws: RoadsteadError.self) {
                try await client.follow(
                    "event", filter: "x=1", onOpen: { seen.withLock { $0.append("open") } },
                    onDocument: { event in seen.withLock { $0.append(event.text("id")) } })
            }
            await client.shutdown()
            #expect(error?.code == .unauthenticated && error?.message == "logged out")
            #expect(seen.withLock { $0 } == ["open", "event/1", "event/2"])
            #expect(
                server.requests.map(\.lastEventID) == [nil, "5.0.event/0", "5.0.event/0", "6.1.event/1"])
        }
    }

    @Test("what is no feed is said to be none, and a server that is away at the start is no feed either")
    func noFeed() async throws {
        for answer in [ScriptedServer.Answer.json(#"{"resources":[]}"#), .json(#"{"message":"away"}"#, status: 503)] {
            try await ScriptedServer.with(["GET /api/event": [answer]]) { server in
                let client = try APIClient(
                    server: ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port), clock: SkippingClock()
                )
                let error = await #expect(throws: RoadsteadError.self) {
                    try await client.follow("event", filter: nil, onOpen: {}, onDocument: { _ in })
                }
                await client.shutdown()
                #expect(error?.code == (answer.status == 200 ? .unsupported : .unavailable))
            }
        }
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

    @Test("events of one thing are asked for by its id, beside what else they are narrowed down to")
    func eventsOfOne() throws {
        let id = try #require(ResourceID("deployment/1"))
        #expect(EventsCommand.condition(nil, of: nil) == nil)
        #expect(EventsCommand.condition(nil, of: id) == "content/resource/href='deployment/1'")
        #expect(
            EventsCommand.condition("success=false or name='x'", of: id)
                == "(success=false or name='x') and content/resource/href='deployment/1'")
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
