import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

/// Real accounts on a control plane: an administrator, and whoever a test adds.
struct People {
    let test: TestPlane

    static func make() async throws -> People {
        let people = People(test: try await TestPlane.make())
        guard
            case .created = try await FirstStart(context: people.test.plane.context).ensure(
                password: Redacted("Admin-pass-1"))
        else { throw Missing("the administrator was not created") }
        return people
    }

    struct Session {
        let id: ResourceID
        let token: String
        let requester: Requester
    }

    /// Adds an account and returns its id.
    @discardableResult
    func add(_ name: String, password: String = "User-pass-1") async throws -> String {
        let id = try await test.add(
            "user",
            [
                "template": [
                    "href": "user-template/username-password", "username": .string(name),
                    "password": .string(password),
                ]
            ], by: .system)
        return id.description
    }

    func login(
        _ name: String, password: String = "User-pass-1", from address: String? = nil
    ) async throws -> Session {
        try await login(
            ["href": "session-template/password", "username": .string(name), "password": .string(password)],
            from: address)
    }

    func admin() async throws -> Session {
        let session = try await login("admin", password: "Admin-pass-1")
        return try await switching(session, to: "group/nuvla-admin")
    }

    func login(_ template: JSONObject, from address: String? = nil) async throws -> Session {
        let scope = RequestScope(context: test.plane.context, by: .anonymous, clientAddress: address)
        return try await session(try await test.resources.add("session", ["template": .object(template)], in: scope))
    }

    func switching(_ session: Session, to claim: String, extended: Bool = false) async throws -> Session {
        let body: JSONObject = ["claim": .string(claim), "extended": .bool(extended)]
        return try await self.session(
            try await test.resources.perform("switch-group", on: session.id, body, in: test.scope(session.requester)))
    }

    private func session(_ answer: ResourceAnswer) async throws -> Session {
        guard case .set(let token, _)? = answer.cookie else { throw Missing("no cookie was set") }
        let id = TestPlane.operation(answer)?.resourceID ?? TestPlane.document(answer)?["id"]?.stringValue
        return Session(
            id: try #require(id.flatMap { ResourceID($0) }), token: token.exposed,
            requester: try await requester(token.exposed))
    }

    func requester(_ token: String) async throws -> Requester {
        try await test.plane.authenticator.requester(cookie: token)
    }

    func alive(_ sessions: Session...) async throws -> [Bool] {
        var alive: [Bool] = []
        for session in sessions { alive.append(try await isAlive(session)) }
        return alive
    }

    func isAlive(_ session: Session) async throws -> Bool { try await requester(session.token) != .anonymous }

    /// Makes a group as somebody, with members.
    @discardableResult
    func group(_ name: String, by requester: Requester, users: [String] = []) async throws -> ResourceID {
        let id = try await test.add(
            "group", ["template": ["href": "group-template/generic", "group-identifier": .string(name)]], by: requester)
        let first = try await test.store.get(id)["users"]?.arrayValue ?? []
        if !users.isEmpty {
            let all = first + users.map(JSONValue.string)
            _ = try await test.resources.edit(id, ["users": .array(all)], in: test.scope(requester))
        }
        return id
    }

    /// Makes an API key as somebody.
    func key(_ template: JSONObject = [:], by requester: Requester) async throws -> (id: ResourceID, secret: String) {
        let body = (["href": "credential-template/generate-api-key"] as JSONObject).merging(template)
        let answer = try await test.resources.add("credential", ["template": .object(body)], in: test.scope(requester))
        let created = try #require(TestPlane.operation(answer))
        return (
            try #require(created.resourceID.flatMap { ResourceID($0) }),
            try #require(created.extras["secret-key"]?.stringValue)
        )
    }

    func login(key: (id: ResourceID, secret: String)) async throws -> Session {
        try await login([
            "href": "session-template/api-key", "key": .string(key.id.description), "secret": .string(key.secret),
        ])
    }
}
