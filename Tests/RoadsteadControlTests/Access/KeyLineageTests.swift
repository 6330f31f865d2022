import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct KeyLineageTests {
    /// A key, one that was made by it, one that was made by that one; each with a session.
    private struct Chain {
        var keys: [(id: ResourceID, secret: String)] = []
        var sessions: [People.Session] = []

        init(_ people: People, by requester: Requester) async throws {
            var maker = requester
            for _ in 0..<3 {
                keys.append(try await people.key(by: maker))
                sessions.append(try await people.login(key: keys[keys.count - 1]))
                maker = sessions[sessions.count - 1].requester
            }
        }

        func alive(_ people: People) async throws -> [Bool] {
            var alive: [Bool] = []
            for session in sessions { alive.append(try await people.isAlive(session)) }
            return alive
        }

        func opens(_ people: People) async -> [Bool] {
            var opens: [Bool] = []
            for key in keys { opens.append((try? await people.login(key: key)) != nil) }
            return opens
        }
    }

    private static let none = [false, false, false]
    private static let all = [true, true, true]

    @Test("who leaves a group leaves the keys of its keys behind, until it is a member again")
    func group() async throws {
        let people = try await People.make()
        let user = try await people.add("ada")
        let ada = try await people.login("ada")
        let group = try await people.group("ops", by: .system, users: [user])
        let chain = try await Chain(people, by: try await people.switching(ada, to: group.description).requester)
        #expect(try await chain.alive(people) == Self.all)
        let system = people.test.scope(.system)
        _ = try await people.test.resources.edit(group, ["users": []], in: system)
        #expect(try await chain.alive(people) == Self.none)
        #expect(await chain.opens(people) == Self.none)
        _ = try await people.test.resources.edit(group, ["users": [.string(user)]], in: system)
        #expect(await chain.opens(people) == Self.all)
    }

    @Test("a key that is removed takes those along that were made by it, and their sessions")
    func removed() async throws {
        let people = try await People.make()
        try await people.add("ada")
        let ada = try await people.login("ada")
        let chain = try await Chain(people, by: ada.requester)
        let other = try await people.login(key: try await people.key(by: ada.requester))
        _ = try await people.test.resources.delete(chain.keys[1].id, in: people.test.scope(ada.requester))
        #expect(try await chain.alive(people) == [true, false, false])
        #expect(await chain.opens(people) == [true, false, false])
        #expect(try await people.test.store.find(chain.keys[2].id) == nil)
        #expect(try await people.alive(ada, other) == [true, true])
    }

    @Test("a user that is removed or suspended leaves no key of a key behind")
    func user() async throws {
        let people = try await People.make()
        let user = try #require(ResourceID(try await people.add("ada")))
        let chain = try await Chain(people, by: try await people.login("ada").requester)
        let system = people.test.scope(.system)
        _ = try await people.test.resources.edit(user, ["state": "SUSPENDED"], in: system)
        #expect(try await chain.alive(people) == Self.none)
        #expect(await chain.opens(people) == Self.none)
        _ = try await people.test.resources.delete(user, in: system)
        for key in chain.keys { #expect(try await people.test.store.find(key.id) == nil) }
    }

    @Test("a container with its user's rights is given no more, and for no longer, than the key that started it")
    func container() async throws {
        let test = try await TestPlane.make()
        let program = Requester(
            userID: "user/ada", activeClaim: "user/ada", claims: ["user/ada", "group/nuvla-user"],
            scope: KeyScope(actions: ["start"]), key: "credential/k1")
        for isUsers in [true, false] {
            let deployment = try await test.store.write { transaction in
                try transaction.insert([
                    "id": .string("deployment/\(isUsers)"), "owner": "user/ada",
                    "module": ["content": ["requires-user-rights": .bool(isUsers)]],
                ])
            }
            let key = try await DeploymentKey.make(for: deployment, in: test.scope(program))
            try await test.store.write { try key.insert(for: deployment, sealer: test.store.sealer, in: $0) }
            let stored = try await test.store.get(key.id)
            #expect(stored["scope"] == (isUsers ? ["actions": ["start"]] : nil))
            #expect(stored["credential"] == (isUsers ? "credential/k1" : nil))
        }
    }

    @Test("which key made a key is told by no answer")
    func hidden() async throws {
        let people = try await People.make()
        try await people.add("ada")
        let ada = try await people.login("ada")
        let chain = try await Chain(people, by: ada.requester)
        #expect(
            try await people.test.store.get(chain.keys[1].id)["credential"] == .string(chain.keys[0].id.description))
        let shown = try await people.test.resources.get(chain.keys[1].id, in: people.test.scope(ada.requester))
        #expect(shown["credential"] == nil && shown["subtype"] == "api-key")
    }

    @Test("every session is ended, however many pages they fill")
    func pages() async throws {
        let people = try await People.make()
        let user = try await people.add("ada")
        var sessions: [People.Session] = []
        for _ in 0..<7 { sessions.append(try await people.login("ada")) }
        let kept = sessions[3].id.description
        try await people.test.store.write { transaction in
            try SessionEnding(transaction: transaction, page: 2).end(ofUser: user, keeping: kept)
        }
        var alive: [Bool] = []
        for session in sessions { alive.append(try await people.isAlive(session)) }
        #expect(alive == [false, false, false, true, false, false, false])
    }

    @Test("a login that was right when it was looked at opens nothing when its ground is gone by then")
    func races() async throws {
        let people = try await People.make()
        let test = people.test
        let user = try #require(ResourceID(try await people.add("ada")))
        let key = try await people.key(by: try await people.login("ada").requester)
        let byPassword: JSONObject = ["username": "ada", "password": "User-pass-1"]
        let byKey: JSONObject = ["key": .string(key.id.description), "secret": .string(key.secret)]
        let draft = { (body: JSONObject) in try await SessionRules().draft(body, in: test.scope(.anonymous)) }
        let open = { (draft: ResourceDraft) in try await test.store.write { try draft.companions([:], $0) } }
        try await open(try await draft(byPassword))
        try await open(try await draft(byKey))

        let (one, two) = (try await draft(byPassword), try await draft(byKey))
        _ = try await test.resources.edit(user, ["state": "SUSPENDED"], in: test.scope(.system))
        for draft in [one, two] { #expect(await test.failure { try await open(draft) }.code == .forbidden) }

        _ = try await test.resources.edit(user, ["state": "ACTIVE"], in: test.scope(.system))
        let (three, four) = (try await draft(byPassword), try await draft(byKey))
        _ = try await test.resources.perform(
            "set-password", on: user, ["new-password": "Other-pass-1"], in: test.scope(.system))
        _ = try await test.resources.delete(key.id, in: test.scope(.system))
        for draft in [three, four] { #expect(await test.failure { try await open(draft) }.code == .forbidden) }
    }

    @Test("nobody gets the cookie of somebody else's session, administrators included")
    func foreignSession() async throws {
        let people = try await People.make()
        try await people.add("ada")
        let (ada, admin) = (try await people.login("ada"), try await people.admin())
        let claim = JSONValue.string(ada.requester.activeClaim)
        let refused = await people.test.failure {
            _ = try await people.test.resources.perform(
                "switch-group", on: ada.id, ["claim": claim], in: people.test.scope(admin.requester))
        }
        #expect(refused.code == .forbidden)
        #expect(try await people.isAlive(ada))
    }
}
