import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct AuthenticatorTests {
    @Test("a header of a trusted proxy wins over the cookie, and a malformed one makes the request anonymous")
    func header() async throws {
        let people = try await People.make()
        let session = try await people.login("admin", password: "Admin-pass-1")
        let authenticator = people.test.plane.authenticator
        let header = try await authenticator.requester(cookie: session.token, authnInfo: "user/x group/y group/z")
        #expect(header.userID == "user/x" && header.activeClaim == "group/y")
        #expect(header.claims == ["user/x", "group/z", "group/nuvla-anon"])
        #expect(try await authenticator.requester(cookie: session.token, authnInfo: "?") == .anonymous)
        #expect(try await authenticator.requester(cookie: session.token, authnInfo: nil).userID != nil)
    }

    @Test("an end of a session counts from the next request on, however often the session was looked up before")
    func exact() async throws {
        let people = try await People.make()
        for _ in 0..<50 {
            let session = try await people.login("admin", password: "Admin-pass-1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await people.isAlive(session) } }
                group.addTask { try await people.test.store.write { try $0.delete(session.id) } }
                try await group.waitForAll()
            }
            #expect(try await !people.isAlive(session))
        }
    }

    @Test("what was read before a change is not kept after it, and the cache stays within its bound")
    func cache() async throws {
        let people = try await People.make()
        let cache = SessionCache(store: people.test.store, capacity: 3)
        let entry = SessionCache.Entry(tokenHash: "h", expiry: people.test.clock.now, requester: .anonymous)
        let ticket = cache.ticket()
        let session = try await people.login("admin", password: "Admin-pass-1")
        cache.remember(session.id.identifier, entry, ticket)
        #expect(cache.find(session.id.identifier) == nil)
        let names = (0..<10).map { "s\($0)" }
        for name in names { cache.remember(name, entry, cache.ticket()) }
        #expect(names.filter { cache.find($0) != nil }.count <= 3)
        cache.remember(session.id.identifier, entry, cache.ticket())
        #expect(cache.find(session.id.identifier) != nil)
        try await people.test.store.write { _ = try $0.modify(session.id) { $0["name"] = "x" } }
        #expect(cache.find(session.id.identifier) == nil)
    }

    @Test("a login says where it came from; a redirect goes where the configuration allows only")
    func origin() async throws {
        let people = try await People.make()
        let login = { (redirect: String) in
            let scope = RequestScope(
                context: people.test.plane.context, by: .anonymous, clientAddress: "192.0.2.9",
                serverName: "roadstead.example.org")
            let template: JSONValue = [
                "href": "session-template/password", "username": "admin", "password": "Admin-pass-1",
            ]
            let answer = try await people.test.resources.add(
                "session", ["template": template, "redirect-url": .string(redirect)], in: scope)
            let id = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
            return try await people.test.store.get(id)
        }
        let session = try await login("https://ui.example.org/welcome")
        #expect(session["client-ip"] == "192.0.2.9" && session["server"] == "roadstead.example.org")
        #expect(session["redirect-url"] == "https://ui.example.org/welcome")
        for bad in ["javascript:alert(1)", "//evil", "https://", "https://a b", "https://a\\b"] {
            #expect(await people.test.failure { _ = try await login(bad) }.code == .invalidInput, "\(bad)")
        }
        try await people.test.store.write { transaction in
            _ = try transaction.insert([
                "id": "configuration/nuvla", "authorized-redirect-urls": ["https://ui.example.org"],
                "acl": ["owners": ["group/nuvla-admin"]],
            ])
        }
        _ = try await login("https://ui.example.org/?x=1")
        for bad in ["https://ui.example.org.evil", "https://ui.example.orgevil", "http://ui.example.org/"] {
            #expect(await people.test.failure { _ = try await login(bad) }.code == .invalidInput, "\(bad)")
        }
    }

    @Test("sessions whose time is over are removed, the others stay")
    func cleaning() async throws {
        let people = try await People.make()
        let old = try await people.login("admin", password: "Admin-pass-1")
        people.test.clock.advance(by: .seconds(6 * 86_400))
        let new = try await people.login("admin", password: "Admin-pass-1")
        people.test.clock.advance(by: .seconds(2 * 86_400))
        let drafts = try await people.test.store.write { try JobSchedule.expiredSessions.drafts($0).count }
        #expect(drafts == 0)
        #expect(try await people.test.store.find(old.id) == nil)
        #expect(try await people.test.store.find(new.id) != nil)
    }

    @Test("nobody else sees, ends or uses a session; an administrator may end it")
    func rights() async throws {
        let people = try await People.make()
        try await people.add("ada")
        let (ada, other) = (try await people.login("ada"), try await people.login("ada"))
        let scope = people.test.scope(other.requester)
        #expect(
            await people.test.failure { _ = try await people.test.resources.get(ada.id, in: scope) }.code == .forbidden)
        #expect(
            await people.test.failure { _ = try await people.test.resources.delete(ada.id, in: scope) }.code
                == .forbidden)
        let act = await people.test.failure {
            _ = try await people.test.resources.perform("get-groups", on: ada.id, in: scope)
        }
        #expect(act.code == .forbidden)
        let edit = await people.test.failure { _ = try await people.test.resources.edit(ada.id, [:], in: scope) }
        #expect(ErrorAnswer(edit).status == 405)
        _ = try await people.test.resources.delete(ada.id, in: people.test.scope(try await people.admin().requester))
        #expect(try await !people.isAlive(ada))
    }
}
