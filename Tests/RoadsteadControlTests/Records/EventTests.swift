import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct EventTests {
    private static let note: JSONObject = [
        "category": "delete", "severity": "low", "content": ["resource": ["href": "user/x"]], "name": "user.delete",
        "authn-info": ["user-id": "user/bob", "active-claim": "group/nuvla-admin", "claims": ["group/nuvla-admin"]],
    ]

    @Test("the trail of what one has done is not one's own to remove; administrators may")
    func trail() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        let filter = "content/resource/href='\(id)'"
        let page = try await test.resources.query("event", QueryParameters(filters: [filter]), in: test.scope())
        #expect(page.resources.map { $0["name"] } == ["infrastructure-service.add"])
        #expect(page.resources.first?["operations"] == nil, "nothing can be done with it")
        let event = try #require(page.resources.first?["id"]?.stringValue.flatMap { ResourceID($0) })
        let refused = await test.failure { _ = try await test.resources.delete(event, in: test.scope()) }
        #expect(refused.code == .forbidden)
        let swept = try await test.resources.bulkDelete("event", filters: ["id!=null"], in: test.scope())
        #expect(swept["deleted"] == 0)
        #expect(try await test.store.find(event) != nil)
        _ = try await test.resources.delete(event, in: test.scope(.system))
    }

    @Test("an event of an older server, which its subject owns, stays as well")
    func olderTrail() async throws {
        let test = try await TestPlane.make()
        let event = try await test.store.write { transaction in
            try transaction.insert([
                "id": "event/1", "category": "delete", "timestamp": "2026-01-01T00:00:00.000Z",
                "acl": ["owners": ["group/nuvla-admin", "user/ada"]],
            ]).id
        }
        #expect(await test.failure { _ = try await test.resources.delete(event, in: test.scope()) }.code == .forbidden)
        let swept = try await test.resources.bulkDelete("event", filters: ["id!=null"], in: test.scope())
        #expect(swept["deleted"] == 0 && swept["failures"]?.arrayValue?.count == 1)
    }

    @Test("a user's own event says who made it, is of category user, and can be removed again")
    func own() async throws {
        let test = try await TestPlane.make()
        let id = try await test.add("event", Self.note)
        let stored = try await test.store.get(id)
        #expect(stored["category"] == "user")
        #expect(stored["authn-info"]?["user-id"] == "user/ada" && stored["authn-info"]?["active-claim"] == "user/ada")
        #expect(stored["authn-info"]?["claims"] == ["group/nuvla-anon", "group/nuvla-user", "user/ada"])
        _ = try await test.resources.delete(id, in: test.scope())
    }
}
