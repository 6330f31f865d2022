import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct GroupTests {
    private func subgroup(
        _ people: People, _ name: String, below parent: ResourceID, by requester: Requester, users: [String] = []
    ) async throws -> ResourceID {
        let answer = try await people.test.resources.perform(
            "add-subgroup", on: parent, ["group-identifier": .string(name), "name": .string(name)],
            in: people.test.scope(requester))
        let id = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
        if !users.isEmpty {
            _ = try await people.test.resources.edit(
                id, ["users": JSONValue(users)], in: people.test.scope(requester))
        }
        return id
    }

    @Test("who makes a group owns it and is its first member; the group sees all of itself")
    func add() async throws {
        let people = try await People.make()
        let ada = try await people.add("ada")
        let id = try await people.group("ops", by: .user(ada))
        let document = try await people.test.resources.get(id, in: people.test.scope(.user(ada)))
        #expect(document["users"] == [.string(ada)])
        #expect(document["acl"]?["owners"] == [.string(ada)])
        #expect(document["acl"]?["view-acl"]?.arrayValue?.contains("group/ops") == true)
        #expect(document["acl"]?["view-data"]?.arrayValue?.contains("group/nuvla-vpn") == true)
        let rels = document["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue }
        #expect(
            rels == ["edit", "delete", "invite", "add-subgroup", "get-pending-invitations", "revoke-invitation"])
        let taken = await people.test.failure { try await people.group("ops", by: .user(ada)) }
        #expect(taken.code == .conflict)
        for name in ["nuvla-x", "Ops", "9x", "a--b", ""] {
            #expect(await people.test.failure { try await people.group(name, by: .user(ada)) }.code == .invalidInput)
        }
    }

    @Test("membership is what the owner writes; members see that the group exists, and nothing else")
    func members() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let id = try await people.group("ops", by: .user(ada), users: [bob])
        let seen = try await people.test.resources.get(id, in: people.test.scope(.user(bob)))
        #expect(seen["users"] == nil && seen["acl"] == nil && seen["id"] == "group/ops")
        let refused = await people.test.failure {
            _ = try await people.test.resources.edit(id, ["users": []], in: people.test.scope(.user(bob)))
        }
        #expect(refused.code == .forbidden)
        let edited = try await people.test.resources.edit(
            id, ["parents": ["group/nuvla-admin"]], removing: ["parents", "users"], in: people.test.scope(.user(ada)))
        #expect(edited["parents"] == nil && edited["users"] == [.string(ada), .string(bob)])
    }

    @Test("requests on groups are made as the user, whichever ordinary group the session acts for")
    func asUser() async throws {
        let people = try await People.make()
        let ada = try await people.add("ada")
        let id = try await people.group("ops", by: .user(ada))
        let session = try await people.switching(try await people.login("ada"), to: "group/ops")
        #expect(
            session.requester.claims == ["group/ops", "group/nuvla-user", "group/nuvla-anon", session.id.description])
        _ = try await people.test.resources.edit(id, ["description": "d"], in: people.test.scope(session.requester))
        let second = try await people.group("dev", by: session.requester)
        #expect(try await people.test.store.get(second)["acl"]?["owners"] == [.string(ada)])
        let service = try await people.test.addService(by: session.requester)
        #expect(try await people.test.store.get(service)["acl"]?["owners"] == ["group/ops"])
    }

    @Test("subgroups hang below their parents, are owned by the same, and number 19 below a root at most")
    func subgroups() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let root = try await people.group("root", by: .user(ada))
        let child = try await subgroup(people, "child", below: root, by: .user(ada), users: [bob])
        let leaf = try await subgroup(people, "leaf", below: child, by: .user(ada))
        let document = try await people.test.store.get(leaf)
        #expect(document["parents"] == ["group/root", "group/child"])
        #expect(document["acl"]?["owners"] == [.string(ada)])
        let remove = await people.test.failure {
            _ = try await people.test.resources.delete(root, in: people.test.scope(.user(ada)))
        }
        #expect(remove.code == .conflict && remove.message.contains("subgroups"))
        let stranger = await people.test.failure { _ = try await subgroup(people, "x", below: root, by: .user(bob)) }
        #expect(stranger.code == .forbidden)
        for number in 3...19 { _ = try await subgroup(people, "s\(number)", below: root, by: .user(ada)) }
        let full = await people.test.failure { _ = try await subgroup(people, "s20", below: leaf, by: .user(ada)) }
        #expect(full.code == .conflict && full.message.contains("19"))
        let taken = await people.test.failure { _ = try await subgroup(people, "s3", below: child, by: .user(ada)) }
        #expect(taken.code == .conflict)
    }

    @Test("a member of a group may act for those below it; `extended` takes them all along; never the other way")
    func switching() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let root = try await people.group("root", by: .user(ada))
        let child = try await subgroup(people, "child", below: root, by: .user(ada), users: [bob])
        _ = try await subgroup(people, "leaf", below: child, by: .user(ada))
        let session = try await people.login("bob")
        let plain = try await people.switching(session, to: "group/child")
        #expect(!plain.requester.claims.contains("group/leaf"))
        let below = try await people.switching(plain, to: "group/leaf")
        #expect(below.requester.activeClaim == "group/leaf")
        let extended = try await people.switching(below, to: "group/child", extended: true)
        #expect(
            extended.requester.claims == [
                "group/child", "group/leaf", "group/nuvla-user", "group/nuvla-anon", session.id.description,
            ])
        #expect(
            await people.test.failure { _ = try await people.switching(extended, to: "group/root") }.code == .forbidden)
        let back = try await people.switching(extended, to: bob)
        #expect(back.requester.claims == [bob, "group/nuvla-user", "group/nuvla-anon", session.id.description])
    }

    @Test("get-groups is a forest by name: one's groups with all below them; for administrators every root")
    func forest() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let root = try await people.group("root", by: .user(ada))
        let child = try await subgroup(people, "child", below: root, by: .user(ada), users: [ada, bob])
        _ = try await subgroup(people, "leaf", below: child, by: .user(ada))
        _ = try await people.group("alone", by: .user(bob))
        let groups = { (session: People.Session) async throws -> JSONValue in
            let answer = try await people.test.resources.perform(
                "get-groups", on: session.id, in: people.test.scope(session.requester))
            guard case .value(let value) = answer.content else { throw Missing("no list of groups") }
            return value
        }
        let leaf: JSONValue = ["id": "group/leaf", "name": "leaf"]
        let tree: JSONValue = ["id": "group/child", "name": "child", "children": [leaf]]
        #expect(try await groups(people.login("ada")) == [["id": "group/root", "children": [tree]]])
        #expect(try await groups(people.login("bob")) == [tree, ["id": "group/alone"]])
        let all = try await groups(people.admin()).arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        #expect(Set(all) == Set(Principal.builtInGroups + ["group/root", "group/alone"]))
    }

    @Test("get-groups answers somebody who is in more groups than one filter may name")
    func manyGroups() async throws {
        let people = try await People.make()
        let ada = try await people.add("ada")
        try await people.test.store.write { transaction in
            for number in 0..<3100 {
                try transaction.insert(["id": .string("group/g\(number)"), "users": [.string(ada)]])
            }
            try transaction.insert(["id": "group/below", "users": [], "parents": ["group/g3099"]])
        }
        let session = try await people.login("ada")
        let answer = try await people.test.resources.perform(
            "get-groups", on: session.id, in: people.test.scope(session.requester))
        guard case .value(let groups) = answer.content else { throw Missing("no list of groups") }
        let last = groups.arrayValue?.first { $0["id"] == "group/g3099" }
        #expect(groups.arrayValue?.count == 3100 && last?["children"] == [["id": "group/below"]])
    }

    @Test("get-peers maps the members of one's groups to their validated addresses, or to their names")
    func peers() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let eve = try await people.test.add(
            "user", ["template": ["href": "user-template/minimum", "username": "eve", "email": "eve@example.org"]],
            by: .system)
        try await people.add("stranger")
        try await people.group("ops", by: .user(ada), users: [bob, eve.description])
        let session = try await people.login("bob")
        let answer = try await people.test.resources.perform(
            "get-peers", on: session.id, in: people.test.scope(session.requester))
        guard case .value(let peers) = answer.content else { throw Missing("no peers") }
        let expected: JSONObject = [ada: "ada", bob: "bob", eve.description: "eve@example.org"]
        #expect(peers == .object(expected))
    }

    @Test("who leaves a group stops acting for it at once, with its keys; another way in keeps the session")
    func leaving() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let root = try await people.group("root", by: .user(ada), users: [bob])
        let child = try await subgroup(people, "child", below: root, by: .user(ada), users: [bob])
        let own = try await people.login("bob")
        let acting = try await people.switching(try await people.login("bob"), to: "group/root")
        let below = try await people.switching(try await people.login("bob"), to: "group/child")
        let key = try await people.key(by: acting.requester)
        let program = try await people.login(key: key)
        #expect(program.requester.claims.contains("group/root"))
        let scope = people.test.scope(.user(ada))
        _ = try await people.test.resources.edit(root, ["users": [.string(ada)]], in: scope)
        #expect(try await people.alive(own, acting, below) == [true, false, true])
        #expect(try await !people.isAlive(program))
        #expect(await people.test.failure { _ = try await people.login(key: key) }.code == .forbidden)
        _ = try await people.test.resources.edit(child, ["users": []], in: scope)
        #expect(try await !people.isAlive(below))
    }

    @Test("inviting a user makes a member at once; nobody else can be invited without e-mail")
    func invite() async throws {
        let people = try await People.make()
        let (ada, bob) = (try await people.add("ada"), try await people.add("bob"))
        let id = try await people.group("ops", by: .user(ada))
        let invite = { (name: String, requester: Requester) in
            _ = try await people.test.resources.perform(
                "invite", on: id, ["username": .string(name)], in: people.test.scope(requester))
        }
        try await invite("bob", .user(ada))
        #expect(try await people.test.store.get(id)["users"] == [.string(ada), .string(bob)])
        let seen = try await people.test.resources.get(id, in: people.test.scope(.user(bob)))
        #expect(seen["users"] != nil)
        let errors = [
            await people.test.failure { try await invite("bob", .user(ada)) },
            await people.test.failure { try await invite("nobody", .user(ada)) },
            await people.test.failure { try await invite("eve@example.org", .user(ada)) },
            await people.test.failure { try await invite("ada", .user(bob)) },
        ]
        #expect(errors.map(\.code) == [.invalidInput, .invalidInput, .unsupported, .forbidden])
        let scope = people.test.scope(.user(ada))
        let pending = try await people.test.resources.perform("get-pending-invitations", on: id, in: scope)
        guard case .value(let none) = pending.content else { throw Missing("no list") }
        #expect(none == [])
        let revoke = await people.test.failure {
            _ = try await people.test.resources.perform(
                "revoke-invitation", on: id, ["email": "eve@example.org"], in: scope)
        }
        #expect(revoke.code == .invalidInput)
    }

    @Test("built-in groups stay; a removed group ends who acts for it")
    func delete() async throws {
        let people = try await People.make()
        let ada = try await people.add("ada")
        let id = try await people.group("ops", by: .user(ada))
        let session = try await people.switching(try await people.login("ada"), to: "group/ops")
        _ = try await people.test.resources.delete(id, in: people.test.scope(session.requester))
        #expect(try await !people.isAlive(session))
        for name in Principal.builtInGroups {
            let error = await people.test.failure {
                _ = try await people.test.resources.delete(
                    try #require(ResourceID(name)), in: people.test.scope(.system))
            }
            #expect(error.code == .conflict)
        }
    }
}
