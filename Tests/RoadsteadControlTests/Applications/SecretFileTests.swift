import Foundation
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Files that secrets are made of: sealed in the store, in no answer, and not lost.
@Suite struct SecretFileTests {
    private static let text = """
        services: {web: {image: x, secrets: [token]}}
        secrets: {token: {file: ./token}}
        configs: {page: {file: ./page.html}}
        """
    private static let page: JSONValue = ["file-name": "page.html", "file-content": "<h1>hi</h1>"]

    private static func content(_ more: JSONObject) -> JSONObject {
        JSONObject([("author", "ada"), ("docker-compose", .string(text))]).merging(more)
    }

    private func application(_ content: JSONObject, in test: TestPlane, name: String = "web") async throws -> ResourceID
    {
        if try await test.resources.query("module", in: test.scope()).count == 0 {
            _ = try await test.add("module", ["subtype": "project", "path": "lab"])
        }
        return try await test.add(
            "module",
            ["subtype": "application", "path": .string("lab/" + name), "name": "web", "content": .object(content)])
    }

    private static func files(_ content: String) -> JSONValue {
        [["file-name": "token", "file-content": .string(content)]]
    }

    /// What the newest version's secret file holds; nil when it has none.
    private func kept(_ module: ResourceID, in test: TestPlane) async throws -> String? {
        let versions = ModuleVersions(document: try await test.store.get(module).body)
        let href = try #require(versions.last.flatMap { versions.href(at: $0) })
        return try SecretFiles(of: try await test.store.get(href).body, sealer: test.store.sealer)["token"]?.exposed
    }

    private func kept(inDeployment id: ResourceID, in test: TestPlane) async throws -> String? {
        let content = try await test.store.get(id)["module"]?["content"]?.objectValue ?? [:]
        return try SecretFiles(of: content, sealer: test.store.sealer)["token"]?.exposed
    }

    private func shown(_ id: ResourceID, by who: Requester = TestPlane.ada, in test: TestPlane) async throws
        -> JSONObject
    {
        let document = try await test.resources.get(id, in: test.scope(who))
        return (document["content"] ?? document["module"]?["content"])?.objectValue ?? [:]
    }

    private func put(_ module: ResourceID, _ content: JSONObject, in test: TestPlane) async throws -> JSONObject {
        try await test.resources.edit(module, ["content": .object(content)], in: test.scope())
    }

    /// As Roadstead's own clients send them, and as clients do that know `files` only.
    static let ways: [JSONObject] = [
        ["files": [page], "secret-files": files("hush-4711")],
        ["files": [page, ["file-name": "token", "file-content": "hush-4711"]]],
    ]

    @Test("what a secret file holds is sealed in the store and in no answer, however it was sent", arguments: ways)
    func sealed(_ more: JSONObject) async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content(more), in: test)
        let deployment = try await test.add("deployment", ["module": ["href": .string(module.description)]])
        #expect(try await kept(module, in: test) == "hush-4711")
        #expect(try await kept(inDeployment: deployment, in: test) == "hush-4711")
        var told = ""
        for type in ["module", "module-application", "deployment", "event"] {
            for document in try await test.store.query(DocumentQuery(type: type)).documents {
                told += JSONValue.object(document.body).text()
                if type != "event" {
                    let scope = test.scope(type == "module-application" ? .system : TestPlane.ada)
                    told += JSONValue.object(try await test.resources.get(document.id, in: scope)).text()
                }
            }
            let page = try await test.resources.query(type, in: test.scope(.system))
            #expect(!JSONValue.array(page.resources.map(JSONValue.object)).text().contains("sealed:"))
        }
        #expect(!told.contains("hush-4711"))
        for id in [module, deployment] {
            let content = try await shown(id, in: test)
            #expect(content["files"] == [Self.page] && content["sealed-files"] == nil)
            let version = try #require(content["id"]?.stringValue)
            let digest = SecretFileDigest.make("hush-4711", name: "token", version: version)
            #expect(content["secret-files"] == [["file-name": "token", "digest": .string(digest)]])
        }
        #expect(try await test.resources.get(module, in: test.scope())["valid"] == true)
    }

    @Test("who may only look is told the names; and the containers are told no more of their own deployment")
    func viewers() async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content(Self.ways[0]), in: test)
        let deployment = try await test.add("deployment", ["module": ["href": .string(module.description)]])
        for id in [module, deployment] {
            _ = try await test.resources.edit(
                id, ["acl": ["owners": ["user/ada"], "view-data": ["user/bob"]]], in: test.scope())
            #expect(try await shown(id, by: TestPlane.bob, in: test)["secret-files"] == [["file-name": "token"]])
        }
        let own = Requester(
            userID: deployment.description, activeClaim: deployment.description,
            claims: [deployment.description, "group/nuvla-user"])
        #expect(try await shown(deployment, by: own, in: test)["secret-files"] == [["file-name": "token"]])
    }

    @Test("what was read may be put back, whole or by a client that knows files only: the contents stay")
    func putBack() async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content(Self.ways[0]), in: test)
        let read = try await shown(module, in: test)
        for back in [read, read.filter { $0.key != "secret-files" }, Self.content(["files": [Self.page]])] {
            let edited = try await put(module, back, in: test)
            #expect(edited["valid"] == true && edited["content"]?["secret-files"] != nil)
            #expect(try await kept(module, in: test) == "hush-4711")
        }
        _ = try await put(module, Self.content(["files": [["file-name": "token", "file-content": "newer"]]]), in: test)
        #expect(try await kept(module, in: test) == "newer")
        // Of an older version, its own.
        _ = try await put(module, read, in: test)
        #expect(try await kept(module, in: test) == "hush-4711")
        let deployment = try await test.add("deployment", ["module": ["href": .string(module.description)]])
        let whole = try await test.resources.get(deployment, in: test.scope())
        _ = try await test.resources.edit(deployment, whole, in: test.scope())
        #expect(try await kept(inDeployment: deployment, in: test) == "hush-4711")
    }

    @Test("a version whose text has the secret no more has its file no more")
    func removed() async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content(Self.ways[0]), in: test)
        let edited = try await put(module, ["docker-compose": "services: {web: {image: x}}"], in: test)
        #expect(edited["content"]?["secret-files"] == nil)
        #expect(try await kept(module, in: test) == nil)
    }

    @Test("a content that nobody has is asked for by name, and what is sealed is not taken from a request")
    func refused() async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content([:]), in: test)
        let failure = await test.failure {
            _ = try await put(module, Self.content(["secret-files": [["file-name": "token"]]]), in: test)
        }
        #expect(failure.code == .invalidInput && failure.message.contains("'token' without file-content"))
        let edited = try await put(module, Self.content(["sealed-files": "sealed:1:AAAA"]), in: test)
        #expect(edited["content"]?["secret-files"] == nil && edited["valid"] == false)
        #expect(try await kept(module, in: test) == nil)
    }

    @Test("a copy of an application has the contents too, when its maker may see the original")
    func copied() async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content(Self.ways[0]), in: test)
        let read = try await shown(module, in: test)
        let copy = try await application(read, in: test, name: "copy")
        #expect(try await kept(copy, in: test) == "hush-4711")
        _ = try await test.add("module", ["subtype": "project", "path": "bob"], by: TestPlane.bob)
        let failure = await test.failure {
            _ = try await test.add(
                "module", ["subtype": "application", "path": "bob/web", "content": .object(read)], by: TestPlane.bob)
        }
        #expect(failure.code == .invalidInput && failure.message.contains("token"))
    }

    @Test(
        "a deployment may have its own content, which another version does not take away; a default follows the version"
    )
    func own() async throws {
        let test = try await TestPlane.make()
        let module = try await application(Self.content(Self.ways[0]), in: test)
        var ids: [ResourceID] = []
        for _ in 0..<4 {
            ids.append(try await test.add("deployment", ["module": ["href": .string(module.description)]]))
        }
        for (id, list) in [(ids[0], "secret-files"), (ids[1], "files")] {
            let values = JSONObject([(list, Self.files("mine"))])
            _ = try await test.resources.edit(id, ["module": ["content": .object(values)]], in: test.scope())
        }
        let answer = try await test.resources.perform("clone", on: ids[0], in: test.scope())
        let clone = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
        _ = try await put(module, Self.content(["secret-files": Self.files("second")]), in: test)
        let next = module.description + "_1"
        for id in ids.dropLast() {
            let answer = try await test.resources.perform(
                "fetch-module", on: id, ["module-href": .string(next)], in: test.scope())
            let text = JSONValue.object(TestPlane.document(answer) ?? [:]).text()
            #expect(!text.contains("mine") && !text.contains("sealed:"))
        }
        #expect(try await kept(inDeployment: ids[0], in: test) == "mine")
        #expect(try await kept(inDeployment: ids[1], in: test) == "mine")
        #expect(try await kept(inDeployment: ids[2], in: test) == "second")
        #expect(try await kept(inDeployment: ids[3], in: test) == "hush-4711")
        #expect(try await kept(inDeployment: clone, in: test) == "mine")
    }

    @Test("nothing can be asked about what is sealed in a deployment's copy")
    func questions() async throws {
        let test = try await TestPlane.make()
        let rules = try #require(test.resources.catalog.rules("deployment"))
        for path in ["module/content/sealed-files", "module/content/sealed-files/x"] {
            for question in [
                QueryParameters(filters: ["\(path)^='sealed'"]),
                QueryParameters(orderBy: [.init(path, isAscending: true)]),
                QueryParameters(aggregations: [Aggregation(.terms, path)]),
            ] {
                let error = await test.failure {
                    _ = try DocumentQuery(question, rules: rules, in: test.scope(.system))
                }
                #expect(error.code == .invalidInput && error.message.contains("sealed-files"))
            }
        }
    }

    @Test("what an older server kept in clear is sealed at the start, and is nowhere in the file any more")
    func older() async throws {
        try await TemporaryDirectory.run { directory in
            let store = try await DocumentStore.open(
                path: directory.file("roadstead.sqlite"), key: try SealingKey.random(), clock: FixedClock(),
                ids: SequenceIDs())
            let context = ControlContext(
                store: store, clock: FixedClock(), ids: SequenceIDs(), hasher: PasswordHasher(cost: .cheapForTests),
                logger: Logger(label: "test"))
            let content = Self.content(Self.ways[1]).merging(["id": "module-application/1"])
            let plain = content.merging(["id": "module-application/2", "docker-compose": "services: {}"])
            try await store.write { transaction in
                try transaction.insert(content)
                try transaction.insert(plain)
                try transaction.insert(["id": "deployment/1", "module": ["name": "m", "content": .object(content)]])
            }
            func trace() throws -> Bool {
                try FileManager.default.contentsOfDirectory(atPath: directory.path).contains { name in
                    let data = FileManager.default.contents(atPath: directory.file(name)) ?? Data()
                    return data.range(of: Data("hush-4711".utf8)) != nil
                }
            }
            #expect(try trace())
            try await SecretFileSealing.run(in: context)
            // One that no secret is made of is a file as others.
            #expect(try await store.get(#require(ResourceID("module-application/2")))["files"]?.arrayValue?.count == 2)
            try await store.write { try $0.delete(#require(ResourceID("module-application/2"))) }
            try await store.compact()
            #expect(try !trace())
            let sealed =
                try await store.get(#require(ResourceID("deployment/1")))["module"]?["content"]?.objectValue ?? [:]
            #expect(sealed["files"] == [Self.page] && sealed["secret-files"] == [["file-name": "token"]])
            #expect(try SecretFiles(of: sealed, sealer: store.sealer)["token"]?.exposed == "hush-4711")
            let version = try await store.get(#require(ResourceID("module-application/1")))
            #expect(try SecretFiles(of: version.body, sealer: store.sealer)["token"]?.exposed == "hush-4711")
            try await SecretFileSealing.run(in: context)
            #expect(try await store.get(version.id).revision == version.revision)
            await store.close()
        }
    }
}
