import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// The short way from the store's text to the answer says what the long way says.
@Suite struct TextPresentationTests {
    private static let callers: [Requester] = [
        TestPlane.ada, TestPlane.bob, .anonymous, .system,
        Requester(userID: "user/eve", activeClaim: "group/ops", claims: ["group/ops", Principal.user]),
    ]

    private static let lists: [JSONObject] = [
        ["owners": ["user/ada"]],
        ["owners": ["user/bob"], "view-data": ["user/ada"], "manage": ["group/ops"]],
        ["owners": ["user/bob"], "view-meta": ["user/ada", "group/ops"]],
        ["owners": ["user/bob"], "view-acl": ["group/ops"], "delete": ["user/ada"]],
        ["owners": ["user/bob"], "edit-acl": ["user/ada"], "edit-data": ["group/ops"]],
        ["owners": ["user/ada", "group/ops"], "view-acl": ["group/nuvla-user"]],
    ]

    private func plane() async throws -> (test: TestPlane, ids: [ResourceID]) {
        let test = try await TestPlane.make()
        var ids: [ResourceID] = []
        for (number, list) in Self.lists.enumerated() {
            ids.append(
                try await test.add(
                    "data-record",
                    [
                        "infrastructure-service": "infrastructure-service/x", "name": .string("r \"\(number)\" \\ é"),
                        "free": ["acl": ["owners": ["user/ada"]], "list": [1, 2.5, nil]], "acl": .object(list),
                    ]))
        }
        return (test, ids)
    }

    @Test("single documents, for every list and caller", arguments: callers.indices)
    func documents(caller: Int) async throws {
        let (test, ids) = try await plane()
        let scope = test.scope(Self.callers[caller])
        for id in ids {
            let long: JSONObject?
            do { long = try await test.resources.get(id, in: scope) } catch let error as RoadsteadError {
                #expect(error.code == .forbidden)
                let refused = await test.failure { _ = try await test.resources.readText(id, in: scope) }
                #expect(refused.code == .forbidden && refused.message == error.message)
                long = nil
            }
            guard let long else { continue }
            let short = try #require(try await test.resources.readText(id, in: scope))
            #expect(short.text == JSONValue.object(long).serialized())
        }
    }

    @Test("listings, for every caller that may list", arguments: callers.indices)
    func listings(caller: Int) async throws {
        let (test, _) = try await plane()
        let scope = test.scope(Self.callers[caller])
        let parameters = QueryParameters(orderBy: [.init("name")])
        do {
            let long = try await test.resources.query("data-record", parameters, in: scope)
            let short = try #require(try await test.resources.queryText("data-record", parameters, in: scope))
            #expect(short == JSONValue.object(long.json).serialized())
            let nothing = QueryParameters(filters: ["name='no such'"])
            let empty = try #require(try await test.resources.queryText("data-record", nothing, in: scope))
            #expect(try JSONValue.parse(empty)["resources"] == [])
        } catch let error as RoadsteadError {
            #expect(error.code == .forbidden && Self.callers[caller].isAnonymous)
        }
    }

    @Test("a listing asked again is what the store holds by then, and each caller's own")
    func asked() async throws {
        let (test, ids) = try await plane()
        let (parameters, recent) = (
            QueryParameters(orderBy: [.init("name")]), QueryParameters(filters: ["created>'now-1h'"])
        )
        func names(_ caller: Requester, _ parameters: QueryParameters = parameters) async throws -> [String?] {
            var texts: [[UInt8]] = []
            for _ in 0..<3 {
                let text = try await test.resources.queryText("data-record", parameters, in: test.scope(caller))
                texts.append(try #require(text))
            }
            #expect(texts[1] == texts[0] && texts[2] == texts[0])
            return try JSONValue.parse(texts[0])["resources"]?.arrayValue?.map { $0["name"]?.stringValue } ?? []
        }
        let (first, others) = (try await names(TestPlane.ada), try await names(TestPlane.bob))
        #expect(first.count == 6 && others.count < 6)
        _ = try await test.resources.edit(ids[0], ["name": "an edited one"], in: test.scope())
        #expect(try await names(TestPlane.ada).first == "an edited one")
        _ = try await test.resources.delete(ids[0], in: test.scope())
        #expect(try await names(TestPlane.ada) == Array(first.dropFirst()))
        #expect(try await names(TestPlane.bob) == others)
        #expect(try await names(TestPlane.ada, recent).count == 5)
        // Two spellings of one character are two questions.
        for (word, count) in [("\u{E9}", 5), ("e\u{301}", 0)] {
            let spelled = QueryParameters(filters: ["fulltext=='\(word)'"])
            #expect(try await names(TestPlane.ada, spelled).count == count)
        }
        test.clock.advance(by: .seconds(7200))
        #expect(try await names(TestPlane.ada, recent).isEmpty)
    }

    @Test("a type with secrets, states or content of its own, a select and a scoped key take the long way")
    func longWay() async throws {
        let (test, ids) = try await plane()
        let credential = try await test.addCredential(on: try await test.addService())
        #expect(try await test.resources.readText(credential, in: test.scope()) == nil)
        #expect(try await test.resources.queryText("job", QueryParameters(), in: test.scope()) == nil)
        let selected = QueryParameters(select: ["name"])
        #expect(try await test.resources.queryText("data-record", selected, in: test.scope()) == nil)
        var scoped = TestPlane.ada
        scoped.scope = KeyScope(actions: ["retrieve"])
        #expect(try await test.resources.readText(ids[0], in: test.scope(scoped)) == nil)
        #expect(
            try await test.resources.readText(ResourceID(type: "data-record", identifier: "no"), in: test.scope())
                == nil)
    }

    @Test("a type that is shown as stored offers what the rights allow, whatever its documents hold")
    func offers() async throws {
        let test = try await TestPlane.make()
        let types = test.resources.catalog.types.compactMap { test.resources.catalog.rules($0.name) }
            .filter(\.isShownAsStored)
        #expect(types.count > 5)
        for rules in types {
            for operation in ["edit", "delete"] + rules.type.actions.map(\.name) {
                #expect(rules.offers(operation, on: [:]), "\(rules.type.name) \(operation)")
            }
        }
    }
}
