import NIOHTTP1
import RoadsteadBasics
import Testing

/// Many resources at once: only those that the caller may touch, with the figures that clients read.
@Suite struct BulkTests {
    private static let form = ["content-type": "application/x-www-form-urlencoded", "bulk": "yes"]

    @Test("a bulk delete takes what matches and is the caller's, and counts it")
    func delete() async throws {
        try await TestServer.run { server in
            let ada = try await server.user("ada")
            let bob = try await server.user("bob")
            for severity in ["low", "low", "high"] { _ = try await server.addEvent(cookie: ada, severity: severity) }
            _ = try await server.addEvent(cookie: bob)
            let answer = try await server.send(
                .DELETE, "/api/event", "filter=severity%3D%27low%27", cookie: ada, headers: Self.form)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["deleted"] == 2 && answer.json["total"] == 2 && answer.json["failures"] == [])
            #expect(try await server.send(.GET, "/api/event?filter=category='user'", cookie: ada).json["count"] == 1)
            #expect(try await server.send(.GET, "/api/event?filter=category='user'", cookie: bob).json["count"] == 1)
            let bad = try await server.send(.DELETE, "/api/event", "filter=severity", cookie: ada, headers: Self.form)
            #expect(bad.status == 400)
        }
    }

    @Test("tags are set, added and removed on all deployments that the caller may edit")
    func tags() async throws {
        try await TestServer.run { server in
            let ada = try await server.user("ada")
            _ = try await server.add("module", #"{"subtype":"project","path":"lab"}"#, cookie: ada)
            let module = try await server.add(
                "module",
                """
                {"subtype":"application","path":"lab/web","name":"web","content":{"author":"ada","commit":"1",\
                "docker-compose":"services: {web: {image: x}}"}}
                """, cookie: ada)
            for _ in 0..<2 {
                _ = try await server.add("deployment", #"{"module":{"href":"\#(module)"}}"#, cookie: ada)
            }
            let cases: [(String, String, JSONValue)] = [
                ("set-tags", #"["a","b"]"#, ["a", "b"]), ("add-tags", #"["b","c"]"#, ["a", "b", "c"]),
                ("remove-tags", #"["a","z"]"#, ["b", "c"]), ("set-tags", "[]", []),
            ]
            for (action, tags, result) in cases {
                let answer = try await server.send(
                    .PATCH, "/api/deployment/" + action, #"{"filter":"id!=null","doc":{"tags":\#(tags)}}"#, cookie: ada,
                    headers: ["bulk": "yes"])
                #expect(answer.json["updated"] == 2, "\(answer.text)")
                let seen = try await server.send(.GET, "/api/deployment", cookie: ada).json["resources"]?.arrayValue
                #expect(seen?.map { $0["tags"] ?? .null } == [result, result])
            }
            let bob = try await server.user("bob")
            let other = try await server.send(
                .PATCH, "/api/deployment/set-tags", #"{"doc":{"tags":["his"]}}"#, cookie: bob, headers: ["bulk": "yes"])
            #expect(other.json["total"] == 0)
            let doubled = try await server.send(
                .PATCH, "/api/deployment/set-tags", #"{"doc":{"tags":["x","x"]}}"#, cookie: ada,
                headers: ["bulk": "yes"])
            #expect(doubled.status == 400)
        }
    }
}
