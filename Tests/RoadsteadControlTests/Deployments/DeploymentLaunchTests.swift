import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// Starts and updates that say what is to be deployed, and what must not change beside them.
@Suite struct DeploymentLaunchTests {
    @Test("of many who update at once one wins whole, and nothing of the others is left in the document")
    func oneWins() async throws {
        let setting = try await DeploymentSetting.make()
        try await setting.set("STARTED")
        let results = await withTaskGroup(of: (String, String?).self) { group in
            for number in 0..<8 {
                group.addTask {
                    do {
                        _ = try await setting.test.resources.perform(
                            "update", on: setting.deployment, setting.title("by \(number)"), in: setting.test.scope())
                        return ("by \(number)", nil)
                    } catch { return ("by \(number)", "\(error)") }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let winners = results.filter { $0.1 == nil }.map(\.0)
        #expect(winners.count == 1)
        #expect(try await setting.stored == winners.first)
        for case let (_, error?) in results { #expect(error.contains("(update_deployment) of user/ada is at work")) }
    }

    @Test("of many who make a deployment of one name at once one starts it, and the others are told which that is")
    func oneName() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        var rivals = [setting.deployment]
        for _ in 0..<3 { rivals.append(try await setting.another()) }
        let results = await withTaskGroup(of: (ResourceID, RoadsteadError?).self) { group in
            for rival in rivals {
                group.addTask {
                    do {
                        let body: JSONObject = ["unique-name": true]
                        _ = try await test.resources.perform("start", on: rival, body, in: test.scope())
                        return (rival, nil)
                    } catch { return (rival, error as? RoadsteadError) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let winners = results.filter { $0.1 == nil }.map(\.0)
        #expect(winners.count == 1)
        for case let (id, error?) in results {
            #expect(error.code == .conflict && error.message.contains("\(winners[0]) is called web, too"), "\(error)")
            #expect(try await test.store.get(id)["state"] == "CREATED")
        }
        // Who does not ask for it, as Nuvla's clients, may have several of one name.
        _ = try await test.resources.perform("start", on: try await setting.another(), in: test.scope())
    }

    @Test("what a job deploys cannot be edited under it; the same document put back can")
    func editedUnderJob() async throws {
        let setting = try await DeploymentSetting.make()
        _ = try await setting.test.resources.perform(
            "start", on: setting.deployment, setting.title("first"), in: setting.test.scope())
        #expect(try await setting.stored == "first")
        let job = try await setting.test.resources.query(
            "job", QueryParameters(filters: ["action='start_deployment'"]), in: setting.test.scope()
        ).resources.first?["id"]?.stringValue
        let href = JSONValue.string(setting.module.description + "_0")
        let attempts: [() async throws -> Void] = [
            {
                _ = try await setting.test.resources.edit(
                    setting.deployment, setting.title("second"), in: setting.test.scope())
            },
            {
                _ = try await setting.test.resources.perform(
                    "fetch-module", on: setting.deployment, ["module-href": href], in: setting.test.scope())
            },
        ]
        for attempt in attempts {
            let error = await setting.test.failure(attempt)
            #expect(error.code == .conflict && error.message.contains(job ?? "?"), "\(error)")
        }
        var document = try await setting.test.resources.get(setting.deployment, in: setting.test.scope())
        document["state"] = "CREATED"
        document["description"] = "x"
        let edited = try await setting.test.resources.edit(setting.deployment, document, in: setting.test.scope())
        #expect(edited["description"] == "x" && edited["state"] == "STARTING", "the job says what the state is")
        #expect(try await setting.stored == "first")
    }

    @Test("a stack that is up is not left behind by another target; another key of the same one is welcome")
    func place() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let elsewhere = try await test.addCredential(on: try await test.addService())
        let service = try await test.store.get(setting.credential)["parent"]?.stringValue.flatMap { ResourceID($0) }
        let sibling = try await test.addCredential(on: try #require(service))
        let move: JSONObject = ["parent": .string(elsewhere.description)]
        try await setting.set("STARTED")
        let attempts: [() async throws -> Void] = [
            { _ = try await test.resources.edit(setting.deployment, move, in: test.scope()) },
            { _ = try await test.resources.edit(setting.deployment, [:], removing: ["parent"], in: test.scope()) },
            { _ = try await test.resources.perform("update", on: setting.deployment, move, in: test.scope()) },
        ]
        for attempt in attempts {
            let error = await test.failure(attempt)
            #expect(error.code == .invalidState && error.message.contains("stop it first"), "\(error)")
        }
        let edited = try await test.resources.edit(
            setting.deployment, ["parent": .string(sibling.description)], in: test.scope())
        #expect(edited["parent"] == .string(sibling.description))
        // A first start that failed before it touched anything.
        try await setting.set("ERROR")
        let moved = try await test.resources.edit(setting.deployment, move, in: test.scope())
        #expect(moved["parent"] == .string(elsewhere.description))
        try await setting.set("ERROR", services: ["web"])
        let back = await test.failure {
            _ = try await test.resources.edit(
                setting.deployment, ["parent": .string(sibling.description)], in: test.scope())
        }
        #expect(back.code == .invalidState)
    }

    @Test("a registry account that the owner may not use is refused before the state changes")
    func registryAccount() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let error = await test.failure {
            _ = try await test.resources.perform(
                "start", on: setting.deployment, ["registries-credentials": ["credential/gone"]], in: test.scope())
        }
        #expect(error.code == .notFound && error.message.contains("credential/gone"))
        #expect(try await test.store.get(setting.deployment)["state"] == "CREATED")
    }

    @Test("a job is seen by who owns or manages its deployment, and by nobody else")
    func jobIsSeen() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let share: JSONValue = ["owners": ["user/ada"], "manage": ["user/bob"], "view-data": ["user/eve"]]
        _ = try await test.resources.edit(setting.deployment, ["acl": share], in: test.scope())
        let service = try await test.store.get(setting.credential)["parent"]?.stringValue.flatMap { ResourceID($0) }
        for id in [setting.credential, try #require(service)] {
            let list: JSONValue = ["owners": ["user/ada"], "view-acl": ["user/bob"]]
            _ = try await test.resources.edit(id, ["acl": list], in: test.scope())
        }
        _ = try await test.resources.perform("start", on: setting.deployment, in: test.scope(TestPlane.bob))
        for (user, count) in [("user/ada", 1), ("user/bob", 1), ("user/eve", 0)] {
            let jobs = try await test.resources.query(
                "job", QueryParameters(filters: ["action='start_deployment'"]), in: test.scope(.user(user)))
            #expect(jobs.count == count, "\(user)")
        }
    }

    @Test("another version brings its own files and defaults where the user has changed nothing")
    func defaults() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let next: JSONValue = [
            "author": "ada", "docker-compose": "v1",
            "environmental-variables": [["name": "TITLE", "value": "new default"], ["name": "EMPTY"]],
            "files": [["file-name": "page.html", "file-content": "new page"]],
        ]
        _ = try await test.resources.edit(setting.module, ["content": next], in: test.scope())
        let mine: JSONValue = ["environmental-variables": [["name": "EMPTY", "value": "mine"]]]
        _ = try await test.resources.edit(setting.deployment, ["module": ["content": mine]], in: test.scope())
        let answer = try await test.resources.perform(
            "fetch-module", on: setting.deployment, ["module-href": .string(setting.module.description + "_1")],
            in: test.scope())
        let content = TestPlane.document(answer)?["module"]?["content"]
        #expect(
            content?["environmental-variables"] == [
                ["name": "TITLE", "value": "new default"], ["name": "EMPTY", "value": "mine"],
            ])
        #expect(content?["files"] == [["file-name": "page.html", "file-content": "new page"]])
    }

    @Test("what is done to an application, to many and later on is in the audit trail")
    func events() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let version = try #require(ResourceID(setting.module.description + "_0"))
        for action in ["publish", "unpublish"] {
            _ = try await test.resources.perform(action, on: version, in: test.scope())
        }
        let tags: JSONObject = ["filter": "id!=null", "doc": ["tags": ["a"]]]
        _ = try await test.resources.performBulk("add-tags", on: "deployment", tags, in: test.scope())
        try await setting.set("STOPPING")
        try await test.store.write { transaction in
            let draft = JobDraft(action: "stop_deployment", target: setting.deployment, acl: ["owners": ["user/ada"]])
            _ = try transaction.enqueue(draft)
        }
        _ = try await test.resources.delete(setting.deployment, in: test.scope())
        let names = try await test.resources.query("event", in: test.scope()).resources.map { $0["name"] }
        for name in [
            "module.publish", "module.unpublish", "deployment.add-tags", "deployment.delete-when-stopped",
        ] { #expect(names.contains(.string(name)), "\(name)") }
    }
}
