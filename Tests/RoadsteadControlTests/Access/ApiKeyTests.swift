import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite struct ApiKeyTests {
    private func scoped(_ actions: [String]?, _ resources: [String]?) -> JSONObject {
        var scope = JSONObject()
        scope["actions"] = actions.map { JSONValue($0) }
        scope["resources"] = resources.map { JSONValue($0) }
        return ["scope": .object(scope)]
    }

    private func user(_ people: People) async throws -> People.Session {
        try await people.add("ada")
        return try await people.login("ada")
    }

    @Test("a scoped key does what it names, on what it names, and nothing else on any path")
    func enforced() async throws {
        let people = try await People.make()
        let ada = try await user(people)
        let (one, two) = (
            try await people.test.addService(by: ada.requester), try await people.test.addService(by: ada.requester)
        )
        let key = try await people.key(
            scoped(["retrieve", "query", "edit"], [one.description, "event"]), by: ada.requester)
        let session = try await people.login(key: key)
        let (scope, resources) = (people.test.scope(session.requester), people.test.resources)
        let seen = try await resources.get(one, in: scope)
        #expect(seen["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue } == ["edit"])
        _ = try await resources.edit(one, ["description": "d"], in: scope)
        let listed = try await resources.query(one.type, in: scope)
        #expect(listed.resources.compactMap { $0["id"]?.stringValue } == [one.description])
        #expect(listed.count == 1 && listed.operations.isEmpty)
        _ = try await resources.query("event", in: scope)
        let refused = [
            await people.test.failure { _ = try await resources.get(two, in: scope) },
            await people.test.failure { _ = try await resources.edit(two, ["name": "x"], in: scope) },
            await people.test.failure { _ = try await resources.delete(one, in: scope) },
            await people.test.failure { _ = try await people.test.addService(by: session.requester) },
            await people.test.failure { _ = try await resources.query("credential", in: scope) },
            await people.test.failure { _ = try await resources.get(key.id, in: scope) },
            await people.test.failure {
                _ = try await resources.bulkDelete("event", filters: ["id!=null"], in: scope)
            },
            await people.test.failure { _ = try await resources.performBulk("add-tags", on: "module", [:], in: scope) },
            await people.test.failure { _ = try await resources.query("credential-template", in: scope) },
            await people.test.failure { _ = try resources.feed("job", QueryParameters(), after: nil, in: scope) },
            await people.test.failure {
                _ = try await resources.perform("switch-group", on: session.id, ["claim": "group/x"], in: scope)
            },
        ]
        for (index, error) in refused.enumerated() where index != 7 {
            #expect(error.code == .forbidden && error.message.contains("scope of the API key"), "\(index): \(error)")
        }
        #expect(try await people.test.store.get(two)["description"] == nil)
    }

    @Test("a scoped session sees itself and ends itself, and keeps its scope through a change of group")
    func ownSession() async throws {
        let people = try await People.make()
        let ada = try await user(people)
        try await people.group("ops", by: ada.requester)
        let key = try await people.key(scoped(["switch-group", "retrieve"], ["session", "event"]), by: ada.requester)
        var session = try await people.login(key: key)
        let listed = try await people.test.resources.query("session", in: people.test.scope(session.requester))
        #expect(listed.resources.first?["id"] == .string(session.id.description))
        #expect(listed.resources.first?["scope"]?["resources"] == ["event", "session"])
        #expect(listed.resources.first?["credential"] == nil)
        session = try await people.switching(session, to: try #require(ada.requester.userID))
        #expect(
            session.requester.scope
                == KeyScope(actions: ["switch-group", "retrieve"], resources: ["session", "event"]))
        _ = try await people.test.resources.delete(session.id, in: people.test.scope(session.requester))
        #expect(try await !people.isAlive(session))
    }

    @Test("a key is shown with its scope, and no edit widens it or makes it live longer")
    func fixed() async throws {
        let people = try await People.make()
        let ada = try await user(people)
        let key = try await people.key(
            scoped(["retrieve", "edit"], ["credential"]).merging(["ttl": 60]), by: ada.requester)
        let before = try await people.test.resources.get(key.id, in: people.test.scope(ada.requester))
        #expect(before["scope"] == ["actions": ["edit", "retrieve"], "resources": ["credential"]])
        for requester in [ada.requester, try await people.login(key: key).requester, .system] {
            let changes: JSONObject = [
                "scope": ["actions": ["delete"]], "expiry": "2099-01-01T00:00:00.000Z",
                "claims": ["identity": "user/x", "roles": ["group/nuvla-admin"]], "digest": "x", "name": "n",
            ]
            let after = try await people.test.resources.edit(
                key.id, changes, removing: ["scope", "expiry", "claims"], in: people.test.scope(requester))
            for name in ["scope", "expiry", "claims"] { #expect(after[name] == before[name], "\(name)") }
        }
        _ = try await people.login(key: key)
    }

    @Test("a key makes keys within its own scope and time only")
    func descent() async throws {
        let people = try await People.make()
        let ada = try await user(people)
        let parent = try await people.key(
            scoped(["add", "retrieve"], ["credential"]).merging(["ttl": 3600]), by: ada.requester)
        let session = try await people.login(key: parent)
        for wider in [scoped(["add", "delete"], ["credential"]), scoped(["add"], nil), scoped(nil, ["credential"])] {
            let error = await people.test.failure { _ = try await people.key(wider, by: session.requester) }
            #expect(error.code == .forbidden)
        }
        let end = JSONValue.string((people.test.clock.now + .seconds(3600)).description)
        let same = try await people.test.store.get(try await people.key(by: session.requester).id)
        #expect(same["scope"] == ["actions": ["add", "retrieve"], "resources": ["credential"]])
        #expect(same["expiry"] == end)
        let narrow = try await people.key(
            scoped(["retrieve"], ["credential/1"]).merging(["ttl": 999_999]), by: session.requester)
        #expect(try await people.test.store.get(narrow.id)["expiry"] == end)
        #expect(try await people.login(key: narrow).requester.scope?.actions == ["retrieve"])
    }

    @Test("a session of a key ends when the key is removed or runs out, whatever the seven days say")
    func ends() async throws {
        let people = try await People.make()
        let ada = try await user(people)
        let short = try await people.key(["ttl": 60], by: ada.requester)
        let lasting = try await people.key(by: ada.requester)
        let (first, second) = (try await people.login(key: short), try await people.login(key: lasting))
        people.test.clock.advance(by: .seconds(61))
        #expect(try await people.alive(first, second) == [false, true])
        _ = try await people.test.resources.delete(lasting.id, in: people.test.scope(ada.requester))
        #expect(try await people.alive(second, ada) == [false, true])
        #expect(await people.test.failure { _ = try await people.login(key: lasting) }.code == .forbidden)
    }

    @Test("a key that was made for a group acts as the group")
    func ofGroup() async throws {
        let people = try await People.make()
        let ada = try await user(people)
        let group = try await people.group("ops", by: ada.requester)
        let acting = try await people.switching(ada, to: group.description)
        let key = try await people.key(by: acting.requester)
        let program = try await people.login(key: key)
        #expect(program.requester.activeClaim == "group/ops" && program.requester.userID == "group/ops")
        #expect(
            program.requester.claims == ["group/ops", "group/nuvla-user", "group/nuvla-anon", program.id.description])
    }
}
