import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

/// Ownership holds on every path, not only on the ones that a page shows.
@Suite struct OwnershipTests {
    @Test("a stranger neither sees, lists, edits, deletes nor acts on what is not shared")
    func stranger() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        let bob = test.scope(TestPlane.bob)
        #expect(try await test.resources.query(id.type, in: bob).count == 0)
        #expect(await test.failure { _ = try await test.resources.get(id, in: bob) }.code == .forbidden)
        #expect(await test.failure { _ = try await test.resources.edit(id, ["name": "x"], in: bob) }.code == .forbidden)
        #expect(await test.failure { _ = try await test.resources.delete(id, in: bob) }.code == .forbidden)
        let credential = try await test.addCredential(on: id)
        let check = await test.failure { _ = try await test.resources.perform("check", on: credential, in: bob) }
        #expect(check.code == .forbidden)
        #expect(try await test.resources.get(id, in: test.scope())["name"] == "lab")
    }

    @Test("anonymous callers get 403 where users list, and an empty list where everybody may")
    func anonymous() async throws {
        let test = try await TestPlane.make()
        let nobody = test.scope(.anonymous)
        _ = try await test.addService()
        let query = await test.failure { _ = try await test.resources.query("infrastructure-service", in: nobody) }
        #expect(query.message == "credentials required")
        #expect(try await test.resources.query("user", in: nobody).count == 0)
        // The template is looked at before the right to add, as in the dialect.
        let add = await test.failure { _ = try await test.resources.add("infrastructure-service", [:], in: nobody) }
        #expect(add.code == .invalidInput)
        let direct = await test.failure { _ = try await test.resources.add("module", [:], in: nobody) }
        #expect(direct.code == .forbidden)
    }

    @Test("a share shows what it grants: metadata, data, or the list too; and offers what it allows")
    func shares() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        for (right, keys, operations) in [
            ("view-meta", Set(["name"]), [String]()), ("view-data", ["name", "endpoint"], []),
            ("view-acl", ["name", "endpoint", "acl"], []), ("edit-data", ["name", "endpoint"], ["edit"]),
            ("edit-acl", ["name", "endpoint", "acl"], ["edit", "delete"]),
        ] {
            let acl: JSONValue = ["owners": ["user/ada"], right: ["user/bob"]]
            _ = try await test.resources.edit(id, ["acl": acl], in: test.scope())
            let seen = try await test.resources.get(id, in: test.scope(TestPlane.bob))
            #expect(Set(seen.keys).intersection(["name", "endpoint", "acl"]) == keys, "\(right)")
            let rels = seen["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue } ?? []
            #expect(rels == operations, "\(right)")
            #expect(try await test.resources.query(id.type, in: test.scope(TestPlane.bob)).count == 1)
        }
    }

    @Test("who may edit metadata changes the name, and everything else in silence not")
    func metaEditor() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        let acl: JSONValue = ["owners": ["user/ada"], "edit-meta": ["user/bob"]]
        _ = try await test.resources.edit(id, ["acl": acl], in: test.scope())
        _ = try await test.resources.edit(
            id, ["name": "bob's", "endpoint": "https://evil", "acl": ["owners": ["user/bob"]]],
            in: test.scope(TestPlane.bob))
        let document = try await test.resources.get(id, in: test.scope())
        #expect(document["name"] == "bob's")
        #expect(document["endpoint"] == "https://203.0.113.9:2376")
        #expect(document["acl"]?["owners"] == ["user/ada"])
    }

    @Test("a bulk delete takes what the caller may delete, and leaves the rest")
    func bulkDelete() async throws {
        let test = try await TestPlane.make()
        for requester in [TestPlane.ada, TestPlane.bob] {
            _ = try await test.add(
                "event", ["severity": "low", "content": ["resource": ["href": "user/x"]]], by: requester)
        }
        let answer = try await test.resources.bulkDelete("event", filters: ["id!=null"], in: test.scope())
        #expect(answer["deleted"] == 1)
        #expect(try await test.resources.query("event", in: test.scope(TestPlane.bob)).count == 1)
        let empty = await test.failure {
            _ = try await test.resources.bulkDelete("event", filters: [], in: test.scope())
        }
        #expect(empty.code == .invalidInput)
    }
}
