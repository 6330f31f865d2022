import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RoadsteadBasics
import Testing

/// News of a collection as server-sent events: in order, by right and filter, and from where a reader left off.
@Suite struct FeedTests {
    struct Event: Sendable {
        var id = ""
        var name = ""
        var data: JSONValue = .null
    }

    /// Reads events until there are `count`, and leaves.
    static func follow(
        _ server: TestServer, _ path: String, cookie: String, after place: String? = nil, count: Int,
        whenOpen: @Sendable () async throws -> Void = {}
    ) async throws -> [Event] {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
        request.headers.add(name: "cookie", value: cookie)
        request.headers.add(name: "accept", value: "text/event-stream")
        if let place { request.headers.add(name: "last-event-id", value: place) }
        let response = try await server.client.execute(request, timeout: .seconds(30))
        try #require(response.status == .ok)
        #expect(response.headers.first(name: "content-type") == "text/event-stream")
        var events: [Event] = []
        var text = ""
        var isOpen = false
        for try await part in response.body {
            text += String(buffer: part)
            if !isOpen, text.contains(": listening") {
                isOpen = true
                try await whenOpen()
            }
            while let end = text.firstRange(of: "\n\n") {
                if let event = parse(text[..<end.lowerBound]) { events.append(event) }
                text = String(text[end.upperBound...])
            }
            if events.count >= count { break }
        }
        return events
    }

    private static func parse(_ text: Substring) -> Event? {
        var event = Event()
        for line in text.split(separator: "\n") {
            if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { event.data = (try? JSONValue.parse(String(line.dropFirst(6)))) ?? .null }
        }
        return event.name.isEmpty ? nil : event
    }

    @Test("what is new comes in order, of the caller's own and of what the filter wants")
    func news() async throws {
        try await TestServer.run { server in
            let ada = try await server.user("ada")
            let bob = try await server.user("bob")
            let old = try await server.addEvent(cookie: ada, severity: "high")
            let events = try await Self.follow(
                server, "/api/event?filter=severity='high'&select=severity", cookie: ada, count: 3
            ) {
                _ = try await server.addEvent(cookie: bob, severity: "high")
                for severity in ["high", "low", "high", "high"] {
                    _ = try await server.addEvent(cookie: ada, severity: severity)
                }
            }
            let fresh = events.filter { $0.data["id"]?.stringValue != old }
            #expect(fresh.count >= 2)
            #expect(events.allSatisfy { $0.name == "event" && $0.data["severity"] == "high" && !$0.id.isEmpty })
            #expect(events.allSatisfy { $0.data["category"] == nil })
            #expect(Set(events.map { $0.data["id"] }).count == events.count)
        }
    }

    @Test("a reader that comes again goes on behind the last event that it had")
    func resume() async throws {
        try await TestServer.run { server in
            let ada = try await server.user("ada")
            let first = try await Self.follow(server, "/api/event?filter=category='user'", cookie: ada, count: 1) {
                _ = try await server.addEvent(cookie: ada)
            }
            let place = try #require(first.first?.id)
            var made: [String] = []
            for _ in 0..<250 { made.append(try await server.addEvent(cookie: ada)) }
            let rest = try await Self.follow(
                server, "/api/event?filter=category='user'", cookie: ada, after: place, count: made.count)
            #expect(rest.compactMap { $0.data["id"]?.stringValue }.sorted() == made.sorted())
            let again = try await Self.follow(
                server, "/api/event?filter=category='user'", cookie: ada, after: rest[199].id, count: 50)
            let missed = Set(rest[200...].compactMap { $0.data["id"]?.stringValue })
            let got = Set(again.compactMap { $0.data["id"]?.stringValue })
            #expect(got.isSuperset(of: missed))
        }
    }

    @Test("a job is told each time that it changes, to its end")
    func jobs() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let service = try await server.addService(cookie: cookie)
            let events = try await Self.follow(server, "/api/job?filter=state='FAILED'", cookie: cookie, count: 1) {
                _ = try await server.add(
                    "credential",
                    #"{"template":{"href":"credential-template/infrastructure-service-swarm","parent":"\#(service)","ca":"a","cert":"b","key":"c"}}"#,
                    cookie: cookie)
            }
            #expect(events.first?.name == "job" && events.first?.data["state"] == "FAILED")
        }
    }

    @Test("strangers, bad filters and bad places are refused before anything is sent")
    func refusals() async throws {
        try await TestServer.run { server in
            let accept = ["accept": "text/event-stream"]
            #expect(try await server.send(.GET, "/api/event", headers: accept).status == 403)
            let cookie = try await server.login()
            let bad = try await server.send(.GET, "/api/event?filter=x", cookie: cookie, headers: accept)
            #expect(bad.status == 400)
            let place = try await server.send(
                .GET, "/api/event", cookie: cookie, headers: accept.merging(["last-event-id": "9"]) { $1 })
            #expect(place.status == 400 && place.text.contains("Last-Event-ID '9'"))
        }
    }

    @Test("a stream ends when the session does")
    func logout() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let session = try await server.send(.GET, "/api/session", cookie: cookie)
            let id = try #require(session.json["resources"]?.arrayValue?.first?["id"]?.stringValue)
            let events = try await Self.follow(server, "/api/event", cookie: cookie, count: 1000) {
                _ = try await server.send(.DELETE, "/api/" + id, cookie: cookie)
            }
            #expect(events.last?.name == "end")
            #expect(events.last?.data["message"] == "credentials required")
        }
    }
}
