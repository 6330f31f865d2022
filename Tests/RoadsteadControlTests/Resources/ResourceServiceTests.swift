import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct ResourceServiceTests {
    @Test("an added resource has the common attributes, its type's defaults and a normalised list")
    func add() async throws {
        let test = try await TestPlane.make()
        let document = try await test.resources.get(try await test.addService(), in: test.scope())
        #expect(document["resource-type"] == "infrastructure-service")
        #expect(document["created-by"] == "user/ada")
        #expect(document["method"] == "generic")
        #expect(document["state"] == "STARTED")
        #expect(document["created"] == document["updated"])
        #expect(document["acl"]?["owners"] == ["user/ada"])
        #expect(document["acl"]?["manage"] == ["group/nuvla-admin"])
    }

    static let refused: [(JSONObject, String)] = [
        ([:], "template.href"),
        (["template": ["subtype": "swarm"]], "template.href"),
        (["template": ["href": "infrastructure-service-template/nosuch"]], "template not found"),
        (["template": ["href": "user-template/username-password"]], "template not found"),
        (["template": ["href": "infrastructure-service-template/generic", "subtype": "s"]], "endpoint is missing"),
        (
            ["template": ["href": "infrastructure-service-template/generic", "subtype": "s", "endpoint": "e", "x": 1]],
            "x is not known"
        ),
        (
            [
                "endpoint": "e",
                "template": ["href": "infrastructure-service-template/generic", "subtype": "s", "endpoint": "e"],
            ], "endpoint is not known beside"
        ),
        (
            [
                "acl": ["owners": []],
                "template": ["href": "infrastructure-service-template/generic", "subtype": "s", "endpoint": "e"],
            ], "owners"
        ),
    ]

    @Test("a request that does not fit is refused with what is wrong", arguments: refused)
    func refuse(_ body: JSONObject, _ words: String) async throws {
        let test = try await TestPlane.make()
        let error = await test.failure {
            _ = try await test.resources.add("infrastructure-service", body, in: test.scope())
        }
        #expect(error.code == .invalidInput)
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test("a template is for whom it is visible to")
    func hiddenTemplate() async throws {
        let test = try await TestPlane.make()
        let body: JSONObject = [
            "template": ["href": "user-template/username-password", "username": "eve", "password": "Eve-pass-1"]
        ]
        let error = await test.failure { _ = try await test.resources.add("user", body, in: test.scope()) }
        #expect(error.message == "template cannot be accessed: user-template/username-password")
        _ = try await test.add("user", body, by: .system)
    }

    @Test("an edit merges the top level, select removes, and the body wins over select")
    func edit() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        _ = try await test.resources.edit(id, ["description": "d", "tags": ["a"]], in: test.scope())
        let edited = try await test.resources.edit(
            id, ["name": "new", "id": "user/x", "resource-type": "user", "created": "no", "subtype": "s3"],
            removing: ["description", "name", "id", "acl", "subtype"], in: test.scope())
        #expect(edited["name"] == "new")
        #expect(edited["description"] == nil)
        #expect(edited["tags"] == ["a"])
        #expect(edited["id"] == .string(id.description))
        #expect(edited["subtype"] == "swarm")
        #expect(edited["updated-by"] == "user/ada")
        #expect(edited["acl"] != nil)
        #expect(edited["operations"] != nil)
    }

    @Test("a null, an unknown attribute or a misfit is no edit, and nothing is written")
    func badEdit() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        for body in [["endpoint": .null], ["nosuch": 1], ["tags": ["a", "a"]], ["online": "yes"]] as [JSONObject] {
            #expect(
                await test.failure { _ = try await test.resources.edit(id, body, in: test.scope()) }.code
                    == .invalidInput)
        }
        #expect(try await test.store.get(id).revision == 1)
    }

    @Test("edits beside each other all come through")
    func concurrentEdits() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, value) in [("name", JSONValue("n")), ("description", "d"), ("tags", ["t"]), ("online", true)] {
                group.addTask { _ = try await test.resources.edit(id, [name: value], in: test.scope()) }
            }
            try await group.waitForAll()
        }
        let document = try await test.store.get(id).body
        #expect(document["name"] == "n" && document["description"] == "d")
        #expect(document["tags"] == ["t"] && document["online"] == true)
    }

    @Test("select shows what was asked for and the id; paging counts everything")
    func query() async throws {
        let test = try await TestPlane.make()
        for _ in 0..<5 { _ = try await test.addService() }
        let page = try await test.resources.query(
            "infrastructure-service", QueryParameters(first: 2, last: 3, select: ["name"]), in: test.scope())
        #expect(page.count == 5)
        #expect(page.resources.count == 2)
        #expect(page.resources.allSatisfy { Set($0.keys) == ["id", "name"] })
        #expect(page.operations == ["add"])
        let counted = try await test.resources.query(
            "infrastructure-service", QueryParameters(last: 0), in: test.scope())
        #expect(counted.count == 5 && counted.resources.isEmpty && counted.operations == ["add"])
        let filtered = try await test.resources.query(
            "infrastructure-service", QueryParameters(filters: ["name='lab'", "subtype='s3'"]), in: test.scope())
        #expect(filtered.count == 0)
    }

    @Test("unknown types and verbs are 405, unknown resources and actions 404")
    func unknown() async throws {
        let test = try await TestPlane.make()
        let scope = test.scope()
        let id = try await test.addService()
        let invalid = [
            await test.failure { _ = try await test.resources.query("nosuch", in: scope) },
            await test.failure { _ = try await test.resources.add("resource-log", [:], in: scope) },
            await test.failure {
                _ = try await test.resources.edit(ResourceID(type: "event", identifier: "1"), [:], in: scope)
            },
            await test.failure {
                _ = try await test.resources.delete(
                    ResourceID(type: "session-template", identifier: "password"), in: scope)
            },
        ]
        #expect(invalid.map { ErrorAnswer($0).status } == [405, 405, 405, 405])
        let missing = [
            await test.failure {
                _ = try await test.resources.get(ResourceID(type: "module", identifier: "x"), in: scope)
            },
            await test.failure {
                _ = try await test.resources.get(ResourceID(type: "session-template", identifier: "x"), in: scope)
            },
            await test.failure { _ = try await test.resources.perform("fly", on: id, in: scope) },
        ]
        #expect(missing.map(\.code) == [.notFound, .notFound, .notFound])
    }

    @Test("collections in memory answer filters, orders, pages, selections and figures as stored ones do")
    func fixedCollections() async throws {
        let test = try await TestPlane.make()
        let list = { (parameters: QueryParameters) in
            try await test.resources.query("credential-template", parameters, in: test.scope())
        }
        let all = try await list(QueryParameters(orderBy: [.init("id")])).resources.compactMap { $0["id"]?.stringValue }
        #expect(all.count > 4 && all == all.sorted())
        let down = try await list(
            QueryParameters(first: 2, last: 3, select: ["name"], orderBy: [.init("id", isAscending: false)]))
        #expect(down.count == all.count)
        #expect(down.resources.compactMap { $0["id"]?.stringValue } == Array(all.reversed()[1...2]))
        #expect(down.resources.allSatisfy { Set($0.keys) == ["id", "name"] })
        let found = try await list(
            QueryParameters(filters: ["id='\(all[0])'"], aggregations: [Aggregation(.valueCount, "id")]))
        #expect(found.count == 1 && found.aggregations?["value_count:id"]?["value"] == 1)
        #expect(await test.failure { _ = try await list(QueryParameters(filters: ["x"])) }.code == .invalidInput)
    }

    @Test("a group needs no href, its one template being meant; an unknown login or account template is not found")
    func templateReferences() async throws {
        let test = try await TestPlane.make()
        let group = try await test.add("group", ["template": ["group-identifier": "ops"]])
        #expect(group.description == "group/ops")
        for type in ["session", "user"] {
            let template: JSONObject = ["template": ["href": .string(type + "-template/nosuch")]]
            let error = await test.failure { _ = try await test.add(type, template) }
            #expect(error.code == .notFound && error.message.contains("nosuch"))
        }
    }

    @Test("templates are listed to those who may use them")
    func templates() async throws {
        let test = try await TestPlane.make()
        let logins = try await test.resources.query("session-template", in: test.scope(.anonymous))
        #expect(
            logins.resources.compactMap { $0["id"]?.stringValue } == [
                "session-template/password", "session-template/api-key",
            ])
        #expect(try await test.resources.query("credential-template", in: test.scope(.anonymous)).count == 0)
        let visible = ResourceType.credential.templates.filter { $0.visibleTo.contains(Principal.user) }
        #expect(visible.count > 4)
        #expect(try await test.resources.query("credential-template", in: test.scope()).count == visible.count)
    }

    @Test("deeds become events in the owners' sight, failures too")
    func events() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addService()
        _ = await test.failure { _ = try await test.resources.delete(id, in: test.scope(TestPlane.bob)) }
        _ = try await test.resources.delete(id, in: test.scope())
        let filter = "content/resource/href='\(id)'"
        let mine = try await test.resources.query(
            "event", QueryParameters(filters: [filter], orderBy: [.init("created")]), in: test.scope())
        #expect(mine.resources.map { $0["name"] } == ["infrastructure-service.add", "infrastructure-service.delete"])
        #expect(mine.resources.allSatisfy { $0["success"] == true && $0["authn-info"]?["user-id"] == "user/ada" })
        let his = try await test.resources.query(
            "event", QueryParameters(filters: [filter]), in: test.scope(TestPlane.bob))
        #expect(his.resources.map { $0["success"] } == [false])
    }
}
