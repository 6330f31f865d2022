import NIOHTTP1
import RoadsteadBasics
import Testing

/// `Idempotency-Key`: the same request twice is done once.
@Suite struct IdempotencyTests {
    private static let body = """
        {"name":"lab","template":{"href":"infrastructure-service-template/generic","subtype":"s3","endpoint":"e"}}
        """

    @Test("a repeated add gets the first answer, another body is refused, another caller is another matter")
    func add() async throws {
        try await TestServer.run { server in
            let ada = try await server.user("ada")
            let post = { (body: String, cookie: String, key: String) in
                try await server.send(
                    .POST, "/api/infrastructure-service", body, cookie: cookie, headers: ["idempotency-key": key])
            }
            let first = try await post(Self.body, ada, "k-1")
            #expect(first.status == 201 && first.headers.first(name: "idempotency-replayed") == nil)
            let again = try await post(Self.body, ada, "k-1")
            #expect(again.status == 201 && again.json == first.json)
            #expect(again.headers.first(name: "idempotency-replayed") == "true")
            #expect(again.headers.first(name: "location") == first.headers.first(name: "location"))
            let other = try await post(Self.body.replacing("lab", with: "b"), ada, "k-1")
            #expect(other.status == 422 && other.json["message"]?.stringValue?.contains("k-1") == true)
            #expect(try await post(Self.body, ada, "k-2").json != first.json)
            let bob = try await server.user("bob")
            #expect(try await post(Self.body, bob, "k-1").json != first.json)
            #expect(try await server.send(.GET, "/api/infrastructure-service", cookie: ada).json["count"] == 2)
            #expect(try await post(Self.body, ada, "two words").status == 400)
            #expect(try await post(Self.body, ada, String(repeating: "k", count: 256)).status == 400)
        }
    }

    @Test("the same add many times at once is done once")
    func concurrent() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await server.send(
                            .POST, "/api/infrastructure-service", Self.body, cookie: cookie,
                            headers: ["idempotency-key": "same"]
                        ).json
                    }
                }
                return try await group.reduce(into: Set<JSONValue>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            #expect(try await server.send(.GET, "/api/infrastructure-service", cookie: cookie).json["count"] == 1)
        }
    }

    @Test("a failure is not kept, and a secret is not kept either")
    func notKept() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let post = { (path: String, body: String, key: String) in
                try await server.send(.POST, path, body, cookie: cookie, headers: ["idempotency-key": key])
            }
            #expect(try await post("/api/infrastructure-service", "{}", "f").status == 400)
            #expect(try await post("/api/infrastructure-service", Self.body, "f").status == 201)
            let key = #"{"template":{"href":"credential-template/generate-api-key"}}"#
            let first = try await post("/api/credential", key, "s")
            let secret = try #require(first.json["secret-key"]?.stringValue)
            let again = try await post("/api/credential", key, "s")
            #expect(again.status == 201 && again.json["resource-id"] == first.json["resource-id"])
            #expect(!again.text.contains(secret))
            #expect(
                again.json["message"]?.stringValue?.contains("secret-key was shown with the first answer only") == true)
        }
    }
}
