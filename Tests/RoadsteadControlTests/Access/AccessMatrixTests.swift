import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// Every right × every kind of principal × every verb. What is expected stands here once more, written from the dialect's
/// description and not from our code: a change of either makes the two differ.
@Suite struct AccessMatrixTests {
    /// What a right lets its bearer do.
    struct Powers: Sendable {
        enum Reach: Sendable { case nothing, meta, data, everything }

        var sees = Reach.nothing
        var edits = Reach.nothing
        var deletes = false
        var manages = false

        static let all = Powers(sees: .everything, edits: .everything, deletes: true, manages: true)
    }

    static let rights: [(name: String, powers: Powers)] = [
        ("owners", .all),
        ("edit-acl", .all),
        ("edit-data", Powers(sees: .data, edits: .data)),
        ("edit-meta", Powers(sees: .meta, edits: .meta)),
        ("view-acl", Powers(sees: .everything)),
        ("view-data", Powers(sees: .data)),
        ("view-meta", Powers(sees: .meta)),
        ("delete", Powers(sees: .meta, deletes: true)),
        ("manage", Powers(manages: true)),
        ("nothing", Powers()),
    ]

    /// Who is named in the list, and who asks then.
    static let kinds: [(name: String, principal: String, requester: Requester)] = [
        ("user", "user/eve", .user("user/eve", session: "session/eve")),
        ("every user", "group/nuvla-user", .user("user/eve")),
        (
            "group", "group/ops",
            Requester(userID: "user/eve", activeClaim: "group/ops", claims: ["group/ops", "group/nuvla-user"])
        ),
        ("session", "session/eve", .user("user/eve", session: "session/eve")),
        (
            "edge", "nuvlabox/7",
            Requester(userID: "nuvlabox/7", activeClaim: "nuvlabox/7", claims: ["nuvlabox/7", "group/nuvla-nuvlabox"])
        ),
        (
            "every edge", "group/nuvla-nuvlabox",
            Requester(userID: "nuvlabox/7", activeClaim: "nuvlabox/7", claims: ["nuvlabox/7", "group/nuvla-nuvlabox"])
        ),
        (
            "deployment", "deployment/7",
            Requester(userID: "deployment/7", activeClaim: "deployment/7", claims: ["deployment/7"])
        ),
        ("everybody", "group/nuvla-anon", .anonymous),
        (
            "administrator", "group/nobody",
            Requester(userID: "user/root", activeClaim: "group/nuvla-admin", claims: ["group/nuvla-admin"])
        ),
        ("system", "group/nobody", .system),
    ]

    static let cases: [(right: Int, kind: Int)] = rights.indices.flatMap { right in
        kinds.indices.map { (right, $0) }
    }

    @Test("a right gives its bearer what it says and nothing else, on every verb", arguments: cases)
    func matrix(_ rightIndex: Int, _ kindIndex: Int) async throws {
        let (right, kind) = (Self.rights[rightIndex], Self.kinds[kindIndex])
        let isAdmin = ["administrator", "system"].contains(kind.name)
        let trial = try await Trial.make(list: right.name, principal: kind.principal, requester: kind.requester)
        try await trial.check(isAdmin ? .all : right.powers, "\(right.name) for \(kind.name)")
    }

    @Test("a stranger gets nothing of what is granted to somebody else", arguments: rights.indices)
    func stranger(_ index: Int) async throws {
        for requester in [Requester.user("user/mallory", session: "session/m"), .anonymous] {
            let trial = try await Trial.make(list: Self.rights[index].name, principal: "user/eve", requester: requester)
            try await trial.check(Powers(), "\(Self.rights[index].name) for a stranger")
        }
    }

    @Test("a template is used by those who see it, and by nobody else", arguments: kinds.indices)
    func template(_ index: Int) async throws {
        let kind = Self.kinds[index]
        let isAdmin = ["administrator", "system"].contains(kind.name)
        let type = ResourceType(
            "form", access: CollectionAccess(add: [Principal.anonymous]), attributes: [Attribute("kind", .string)],
            templates: [
                ResourceTemplate("own", name: "n", description: "d", visibleTo: [kind.principal], schema: []),
                ResourceTemplate("other", name: "n", description: "d", visibleTo: ["user/other"], schema: []),
            ])
        let test = try await TestPlane.make()
        let service = ResourceService(catalog: ResourceCatalog([PlainRules(type)], at: test.clock.now))
        let scope = test.scope(kind.requester)
        for (template, isAllowed) in [("own", true), ("other", isAdmin)] {
            let body: JSONObject = ["template": ["href": .string("form-template/" + template)]]
            if isAllowed {
                _ = try await service.add("form", body, in: scope)
            } else {
                let error = await test.failure { _ = try await service.add("form", body, in: scope) }
                #expect(error.code == .invalidInput && error.message.contains("cannot be accessed"), "\(kind.name)")
            }
        }
    }
}

extension AccessMatrixTests {
    @Test(
        "a collection is listed, added to and changed as a whole by those whom its type names", arguments: kinds.indices
    )
    func collection(_ index: Int) async throws {
        let kind = Self.kinds[index]
        let isAdmin = ["administrator", "system"].contains(kind.name)
        let test = try await TestPlane.make()
        let verbs = ["query", "add", "bulk-delete", "bulk-action"]
        for granted in verbs {
            let named = { (verb: String) in verb == granted ? [kind.principal] : [] }
            let type = ResourceType(
                "thing",
                access: CollectionAccess(
                    query: named("query"), add: named("add"), bulkDelete: named("bulk-delete"),
                    bulkAction: named("bulk-action")),
                verbs: ResourceType.allButBulk.union([.bulkDelete]), attributes: [],
                bulkActions: ResourceAction.tagActions + [ResourceAction("bulk-poke", right: nil)])
            let service = ResourceService(catalog: ResourceCatalog([BulkRules(type: type)], at: test.clock.now))
            let scope = test.scope(kind.requester)
            let tries: [(String, () async throws -> Void)] = [
                ("query", { _ = try await service.query("thing", in: scope) }),
                ("query", { _ = try service.feed("thing", QueryParameters(), after: nil, in: scope) }),
                ("add", { _ = try await service.add("thing", [:], in: scope) }),
                ("bulk-delete", { _ = try await service.bulkDelete("thing", filters: ["id!=null"], in: scope) }),
                (
                    "bulk-action",
                    { _ = try await service.performBulk("add-tags", on: "thing", ["doc": ["tags": []]], in: scope) }
                ),
                (
                    "bulk-action",
                    { _ = try await service.performBulk("bulk-poke", on: "thing", ["filter": "id!=null"], in: scope) }
                ),
            ]
            for (verb, attempt) in tries {
                if isAdmin || verb == granted {
                    try await attempt()
                } else {
                    #expect(await test.failure { try await attempt() }.code == .forbidden, "\(verb): \(kind.name)")
                }
            }
        }
    }

    private struct BulkRules: ResourceRules {
        let type: ResourceType

        func performBulk(
            _ action: String, filter: String, body: JSONObject, in scope: RequestScope
        ) async throws -> ResourceAnswer { .message("poked") }
    }
}

/// A type with every verb, one document in it after another, and somebody who tries all of them.
private struct Trial {
    let test: TestPlane
    let service: ResourceService
    let scope: RequestScope
    let acl: JSONValue

    private static let type = ResourceType(
        "thing",
        access: CollectionAccess(
            query: [Principal.anonymous], add: [Principal.anonymous], bulkDelete: [Principal.anonymous],
            bulkAction: [Principal.anonymous]),
        verbs: ResourceType.allButBulk.union([.bulkDelete]),
        attributes: [Attribute("state", .string)], actions: [ResourceAction("poke", right: .manage)],
        bulkActions: ResourceAction.tagActions)

    private struct Rules: ResourceRules {
        let type = Trial.type

        func perform(
            _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
        ) async throws -> ResourceAnswer { .message("poked") }
    }

    static func make(list: String, principal: String, requester: Requester) async throws -> Trial {
        let test = try await TestPlane.make()
        var acl: JSONObject = ["owners": ["user/owner"]]
        switch list {
        case "owners": acl["owners"] = ["user/owner", .string(principal)]
        case "nothing": break
        default: acl[list] = [.string(principal)]
        }
        // Feeds ask for the session.
        if let session = requester.session {
            let claims = requester.claims.sorted().joined(separator: " ")
            try await test.store.write { transaction in
                _ = try transaction.insert([
                    "id": .string(session), "expiry": "2099-01-01T00:00:00.000Z", "roles": .string(claims),
                ])
            }
        }
        return Trial(
            test: test, service: ResourceService(catalog: ResourceCatalog([Rules()], at: test.clock.now)),
            scope: test.scope(requester), acl: .object(acl))
    }

    private func thing() async throws -> ResourceID {
        let answer = try await service.add(
            "thing", ["name": "old", "description": "d", "tags": ["t"], "state": "OLD", "acl": acl],
            in: test.scope(.user("user/owner")))
        return try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
    }

    func check(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        try await checkRetrieve(powers, who)
        try await checkList(powers, who)
        try await checkFeed(powers, who)
        try await checkFigures(powers, who)
        try await checkEdit(powers, who)
        try await checkPatch(powers, who)
        try await checkDelete(powers, who)
        try await checkAction(powers, who)
        try await checkBulk(powers, who)
    }

    private static func visible(_ reach: AccessMatrixTests.Powers.Reach) -> Set<String>? {
        let meta: Set<String> = ["id", "resource-type", "created", "updated", "name", "description", "tags"]
        switch reach {
        case .nothing: return nil
        case .meta: return meta
        case .data: return meta.union(["state", "created-by"])
        case .everything: return meta.union(["state", "created-by", "acl"])
        }
    }

    private static func operations(_ powers: AccessMatrixTests.Powers) -> [String] {
        (powers.edits == .nothing ? [] : ["edit"]) + (powers.deletes ? ["delete"] : [])
            + (powers.manages ? ["poke"] : [])
    }

    private func checkRetrieve(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        guard let visible = Self.visible(powers.sees) else {
            let error = await test.failure { _ = try await service.get(id, in: scope) }
            #expect(error.code == .forbidden, "retrieve: \(who)")
            return
        }
        let seen = try await service.get(id, in: scope)
        #expect(Set(seen.keys).subtracting(["operations"]) == visible, "retrieve: \(who)")
        let rels = seen["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue } ?? []
        #expect(rels == Self.operations(powers), "operations: \(who)")
    }

    private func checkList(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        let page = try await service.query(
            "thing", QueryParameters(filters: ["id='\(id)' and state='OLD'"]), in: scope)
        let visible = Self.visible(powers.sees)
        #expect(page.count == (visible == nil ? 0 : 1), "count: \(who)")
        #expect(page.resources.first.map { Set($0.keys).subtracting(["operations"]) } == visible, "list: \(who)")
    }

    private func checkFeed(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        var feed = try service.feed("thing", QueryParameters(filters: ["id='\(id)'"]), after: nil, in: scope)
        let items = try await feed.next()
        let visible = Self.visible(powers.sees)
        #expect(
            items.map { Set($0.document.keys).subtracting(["operations"]) } == [visible].compactMap { $0 }, "\(who)")
    }

    /// Figures and order are over what can be seen, and of nothing else.
    private func checkFigures(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        let page = try await service.query(
            "thing",
            QueryParameters(
                filters: ["id='\(id)'"], last: 0, orderBy: [.init("state")],
                aggregations: [Aggregation(.valueCount, "state")]), in: scope)
        #expect(page.aggregations?["value_count:state"]?["value"] == (powers.sees == .nothing ? 0 : 1), "\(who)")
    }

    private func checkPatch(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        for (path, reach) in [("/name", 1), ("/state", 2)] {
            let patch = try JSONPatch(json: [["op": "add", "path": .string(path), "value": "PATCHED"]])
            let mayEdit = powers.edits != .nothing
            do { _ = try await service.edit(id, .patch(patch), in: scope) } catch {
                #expect(!mayEdit && (error as? RoadsteadError)?.code == .forbidden, "patch: \(who)")
            }
            let isSet = try await test.store.get(id)[String(path.dropFirst())] == "PATCHED"
            #expect(isSet == (reach == 1 ? mayEdit : [.data, .everything].contains(powers.edits)), "patch: \(who)")
        }
    }

    private func checkEdit(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        var list = acl.objectValue ?? [:]
        list["view-meta"] = ["user/new"]
        let change: JSONObject = ["name": "new", "state": "NEW", "acl": .object(list)]
        if powers.edits == .nothing {
            let error = await test.failure { _ = try await service.edit(id, change, in: scope) }
            #expect(error.code == .forbidden, "edit: \(who)")
        } else {
            _ = try await service.edit(id, change, in: scope)
        }
        let stored = try await test.store.get(id)
        #expect((stored["name"] == "new") == (powers.edits != .nothing), "edit of meta: \(who)")
        #expect((stored["state"] == "NEW") == [.data, .everything].contains(powers.edits), "edit of data: \(who)")
        let isListed = stored["acl"]?["view-meta"]?.arrayValue?.contains("user/new") ?? false
        #expect(isListed == (powers.edits == .everything), "edit of the list: \(who)")
    }

    private func checkDelete(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        if powers.deletes {
            _ = try await service.delete(id, in: scope)
        } else {
            #expect(await test.failure { _ = try await service.delete(id, in: scope) }.code == .forbidden, "\(who)")
        }
        #expect(try await (test.store.find(id) == nil) == powers.deletes, "delete: \(who)")
    }

    private func checkAction(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        if powers.manages {
            _ = try await service.perform("poke", on: id, in: scope)
        } else {
            let error = await test.failure { _ = try await service.perform("poke", on: id, in: scope) }
            #expect(error.code == .forbidden, "action: \(who)")
        }
    }

    private func checkBulk(_ powers: AccessMatrixTests.Powers, _ who: String) async throws {
        let id = try await thing()
        let filter = JSONValue.string("id='\(id)'")
        _ = try await service.performBulk(
            "add-tags", on: "thing", ["filter": filter, "doc": ["tags": ["bulk"]]], in: scope)
        let mayTag = [.data, .everything].contains(powers.edits)
        #expect(try await test.store.get(id)["tags"] == (mayTag ? ["t", "bulk"] : ["t"]), "add-tags: \(who)")
        for (action, after) in [("remove-tags", ["bulk"]), ("set-tags", ["t"])] as [(String, JSONValue)] {
            _ = try await service.performBulk(
                action, on: "thing", ["filter": filter, "doc": ["tags": ["t"]]], in: scope)
            #expect(try await test.store.get(id)["tags"] == (mayTag ? after : ["t"]), "\(action): \(who)")
        }
        let answer = try await service.bulkDelete("thing", filters: ["id='\(id)'"], in: scope)
        #expect(answer["deleted"] == (powers.deletes ? 1 : 0), "bulk delete: \(who)")
        #expect(try await (test.store.find(id) == nil) == powers.deletes, "bulk delete: \(who)")
    }
}
