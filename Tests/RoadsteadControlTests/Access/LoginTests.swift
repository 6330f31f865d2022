import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite struct LoginTests {
    private func start(_ test: TestPlane) async throws {
        let outcome = try await FirstStart(context: test.plane.context).ensure(password: Redacted("Admin-pass-1"))
        guard case .created = outcome else {
            Issue.record("the administrator was not created")
            return
        }
    }

    private func login(_ test: TestPlane, _ template: JSONObject) async throws -> (id: ResourceID, token: String) {
        let answer = try await test.resources.add(
            "session", ["template": .object(template)], in: test.scope(.anonymous))
        guard case .set(let token, _)? = answer.cookie else {
            throw RoadsteadError(.internal, "no cookie was set")
        }
        let id = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
        return (id, token.exposed)
    }

    private func password(_ password: String, name: String = "admin") -> JSONObject {
        ["href": "session-template/password", "username": .string(name), "password": .string(password)]
    }

    @Test("the right password opens a session with exactly the claims of a fresh login")
    func login() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let session = try await login(test, password("Admin-pass-1"))
        let requester = try await test.plane.authenticator.requester(cookie: session.token)
        let user = try #require(requester.userID)
        #expect(requester.claims == ["group/nuvla-anon", "group/nuvla-user", user, session.id.description])
        #expect(requester.activeClaim == user)
        #expect(!requester.isAdmin)
    }

    @Test("the store holds a hash of the cookie's secret, and no answer shows it")
    func cookieIsHashed() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let session = try await login(test, password("Admin-pass-1"))
        let secret = try #require(session.token.split(separator: ".").last)
        let stored = JSONValue.object(try await test.store.get(session.id).body).text()
        #expect(!stored.contains(secret))
        let requester = try await test.plane.authenticator.requester(cookie: session.token)
        let shown = try await test.resources.get(session.id, in: test.scope(requester))
        #expect(shown["token-hash"] == nil)
    }

    @Test("a wrong password, an unknown name and a suspended user are refused with the same words")
    func refusals() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let wrong = await test.failure { _ = try await login(test, password("Admin-pass-2")) }
        let unknown = await test.failure { _ = try await login(test, password("Admin-pass-1", name: "admim")) }
        #expect(wrong.code == .forbidden && unknown.code == .forbidden)
        #expect(wrong.message.replacing("admin", with: "") == unknown.message.replacing("admim", with: ""))
        let template: JSONObject = [
            "href": "user-template/username-password", "username": "ada", "password": "Ada-pass-1",
        ]
        let ada = try await test.add("user", ["template": .object(template)], by: .system)
        _ = try await test.resources.edit(ada, ["state": "SUSPENDED"], in: test.scope(.system))
        let suspended = await test.failure { _ = try await login(test, password("Ada-pass-1", name: "ada")) }
        #expect(suspended.code == .forbidden)
        #expect(suspended.message.replacing("ada", with: "") == wrong.message.replacing("admin", with: ""))
    }

    @Test(
        "a cookie that is none, forged, expired or logged out makes an anonymous request",
        arguments: ["", "x", "a.b", "session/1.x", "INVALID", "..", "00000000-0000-4000-8000-000000000001."])
    func badCookies(_ cookie: String) async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let session = try await login(test, password("Admin-pass-1"))
        let authenticator = test.plane.authenticator
        #expect(try await authenticator.requester(cookie: cookie) == .anonymous)
        #expect(try await authenticator.requester(cookie: nil) == .anonymous)
        #expect(try await authenticator.requester(cookie: session.token + "x") == .anonymous)
        test.clock.advance(by: .seconds(7 * 86_400))
        #expect(try await authenticator.requester(cookie: session.token) == .anonymous)
    }

    @Test("logging out ends the session for every copy of its cookie")
    func logout() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let session = try await login(test, password("Admin-pass-1"))
        let requester = try await test.plane.authenticator.requester(cookie: session.token)
        let answer = try await test.resources.delete(session.id, in: test.scope(requester))
        guard case .revoke? = answer.cookie else {
            Issue.record("the cookie was not revoked")
            return
        }
        #expect(try await test.plane.authenticator.requester(cookie: session.token) == .anonymous)
    }

    @Test("a listing shows one's own session and no other, to administrators too")
    func ownSession() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let first = try await login(test, password("Admin-pass-1"))
        _ = try await login(test, password("Admin-pass-1"))
        let requester = try await test.plane.authenticator.requester(cookie: first.token)
        let listed = try await test.resources.query(
            "session", QueryParameters(filters: ["id!=null"]), in: test.scope(requester))
        #expect(listed.resources.compactMap { $0["id"]?.stringValue } == [first.id.description])
        #expect(try await test.resources.query("session", in: test.scope(.system)).count == 0)
    }

    @Test("a member switches to a group and back; each time the old cookie is worth nothing")
    func switchGroup() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let session = try await login(test, password("Admin-pass-1"))
        let requester = try await test.plane.authenticator.requester(cookie: session.token)
        let groups = try await test.resources.perform("get-groups", on: session.id, in: test.scope(requester))
        guard case .value(let list) = groups.content else { throw Missing("no list of groups") }
        #expect(list[0]?["id"] == "group/nuvla-admin")
        let answer = try await test.resources.perform(
            "switch-group", on: session.id, ["claim": "group/nuvla-admin"], in: test.scope(requester))
        guard case .set(let token, _)? = answer.cookie else { throw Missing("no new cookie") }
        #expect(TestPlane.document(answer)?["active-claim"] == "group/nuvla-admin")
        #expect(TestPlane.document(answer)?["token-hash"] == nil)
        let admin = try await test.plane.authenticator.requester(cookie: token.exposed)
        #expect(admin.isAdmin && admin.activeClaim == "group/nuvla-admin")
        #expect(!admin.claims.contains(try #require(requester.userID)))
        #expect(try await test.plane.authenticator.requester(cookie: session.token) == .anonymous)
        let back = try await test.resources.perform(
            "switch-group", on: session.id, ["claim": .string(try #require(admin.userID))], in: test.scope(admin))
        guard case .set(let last, _)? = back.cookie else { throw Missing("no new cookie") }
        #expect(try await !test.plane.authenticator.requester(cookie: last.exposed).isAdmin)
    }

    @Test("nobody switches to a group that he is no member of, nor to another user")
    func switchRefused() async throws {
        let test = try await TestPlane.make()
        try await start(test)
        let session = try await login(test, password("Admin-pass-1"))
        let requester = try await test.plane.authenticator.requester(cookie: session.token)
        for claim in ["group/nuvla-user", "group/nosuch", "user/bob", "session/x"] {
            let error = await test.failure {
                _ = try await test.resources.perform(
                    "switch-group", on: session.id, ["claim": .string(claim)], in: test.scope(requester))
            }
            #expect(error.code == .forbidden, "\(claim)")
        }
    }

    @Test("a start after the first administrator was removed changes nothing and makes nobody")
    func startWithoutAdmin() async throws {
        let people = try await People.make()
        let admin = try await people.admin()
        let second = try await people.add("second")
        let (resources, scope) = (people.test.resources, people.test.scope(admin.requester))
        let group = try #require(ResourceID(Principal.admin))
        let members = try await resources.get(group, in: scope)["users"]?.arrayValue ?? []
        _ = try await resources.edit(group, ["users": .array(members + [.string(second)])], in: scope)
        let first = try #require(members.first?.stringValue.flatMap { ResourceID($0) })
        _ = try await resources.delete(first, in: scope)
        guard case .exists = try await people.test.plane.firstStart("Other-pass-1") else {
            throw Missing("an administrator was made anew")
        }
        #expect(await people.test.failure { _ = try await people.admin() }.code == .forbidden)
    }

    @Test("the first start makes one administrator, and the next ones change nothing")
    func firstStart() async throws {
        let test = try await TestPlane.make()
        let start = FirstStart(context: test.plane.context)
        guard case .generated(let password) = try await start.ensure(password: nil) else {
            throw Missing("no password was generated")
        }
        try PasswordPolicy.check(password)
        guard case .exists = try await start.ensure(password: Redacted("Other-pass-1")) else {
            throw Missing("the administrator was made twice")
        }
        _ = try await login(test, self.password(password.exposed))
        #expect(await test.failure { _ = try await login(test, self.password("Other-pass-1")) }.code == .forbidden)
        let weak = await test.failure { _ = try await TestPlane.make().plane.firstStart("short") }
        #expect(weak.code == .invalidInput)
    }
}

extension ControlPlane {
    fileprivate func firstStart(_ password: String) async throws -> FirstStart.Outcome {
        try await FirstStart(context: context).ensure(password: Redacted(password))
    }
}

extension JSONValue {
    fileprivate subscript(index: Int) -> JSONValue? {
        arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
}
