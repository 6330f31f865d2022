import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct DeploymentDocumentTests {
    @Test("a deployment is a snapshot of its module, with the facts about its target")
    func snapshot() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        _ = try await test.resources.edit(
            setting.module, ["content": ["author": "b", "docker-compose": "changed"]], in: test.scope())
        let document = try await test.resources.get(setting.deployment, in: test.scope())
        #expect(document["state"] == "CREATED" && document["owner"] == "user/ada" && document["name"] == "web")
        #expect(document["module"]?["content"]?["docker-compose"] == "services: {web: {image: x}}")
        #expect(document["credential-name"] == "lab key" && document["infrastructure-service-name"] == "lab")
        #expect(document["execution-mode"] == "push" && document["api-endpoint"] == "http://localhost")
        #expect(document["acl"]?["owners"] == ["user/ada"])
        let id = JSONValue.string(setting.deployment.description)
        #expect(document["acl"]?["view-acl"]?.arrayValue?.contains(id) == true)
    }

    @Test("module and credential must be there and the caller's to see")
    func references() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let deploy = { (body: JSONObject, requester: Requester) in
            _ = try await test.add("deployment", body, by: requester)
        }
        #expect(await test.failure { try await deploy([:], TestPlane.ada) }.code == .invalidInput)
        #expect(
            await test.failure { try await deploy(["module": ["href": "module/x"]], TestPlane.ada) }.code == .notFound)
        let module: JSONValue = ["href": .string(setting.module.description)]
        #expect(await test.failure { try await deploy(["module": module], TestPlane.bob) }.code == .forbidden)
        let parent = JSONValue.string(setting.credential.description)
        _ = try await test.resources.edit(
            setting.module, ["acl": ["owners": ["user/ada"], "view-data": ["user/bob"]]], in: test.scope())
        #expect(
            await test.failure { try await deploy(["module": module, "parent": parent], TestPlane.bob) }.code
                == .forbidden)
        try await deploy(["module": module], TestPlane.bob)
        let missing: JSONValue = ["href": .string(setting.module.description + "_7")]
        #expect(await test.failure { try await deploy(["module": missing], TestPlane.ada) }.code == .notFound)
    }

    @Test("the whole document put back changes nothing but what may change")
    func putBack() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        var document = try await test.resources.get(setting.deployment, in: test.scope())
        let before = document
        document["owner"] = "user/eve"
        document["infrastructure-service"] = "infrastructure-service/x"
        let edited = try await test.resources.edit(setting.deployment, document, in: test.scope())
        #expect(edited["owner"] == "user/ada")
        #expect(edited["module"] == before["module"])
        #expect(edited["infrastructure-service"] == before["infrastructure-service"])
        #expect(edited["acl"] == before["acl"])
    }

    @Test("values of variables and files are the user's; the rest of the snapshot is fixed")
    func values() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let content: JSONValue = [
            "docker-compose": "smuggled",
            "environmental-variables": [
                ["name": "TITLE", "value": "mine"], ["name": "MORE", "value": "1"], ["name": "NONE"],
            ],
            "files": [
                ["file-name": "page.html", "file-content": "new"], ["file-name": "other", "file-content": "x"],
            ],
        ]
        let edited = try await test.resources.edit(
            setting.deployment, ["module": ["content": content]], in: test.scope())
        let result = edited["module"]?["content"]
        #expect(result?["docker-compose"] == "services: {web: {image: x}}")
        #expect(
            result?["environmental-variables"] == [
                ["name": "TITLE", "value": "mine"], ["name": "EMPTY"], ["name": "MORE", "value": "1"],
            ])
        #expect(result?["files"] == [["file-name": "page.html", "file-content": "new"]])
        let bad: JSONValue = ["environmental-variables": [["name": "1BAD", "value": "x"]]]
        #expect(
            await test.failure {
                _ = try await test.resources.edit(setting.deployment, ["module": ["content": bad]], in: test.scope())
            }.code == .invalidInput)
    }

    @Test("another version of the module is taken with the user's values kept")
    func fetchModule() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let next: JSONValue = [
            "author": "ada", "docker-compose": "v1",
            "environmental-variables": [["name": "TITLE", "value": "default"], ["name": "NEW", "value": "n"]],
        ]
        _ = try await test.resources.edit(setting.module, ["content": next], in: test.scope())
        let mine: JSONValue = ["environmental-variables": [["name": "TITLE", "value": "mine"]]]
        _ = try await test.resources.edit(setting.deployment, ["module": ["content": mine]], in: test.scope())
        let answer = try await test.resources.perform(
            "fetch-module", on: setting.deployment, ["module-href": .string(setting.module.description + "_1")],
            in: test.scope())
        let content = TestPlane.document(answer)?["module"]?["content"]
        #expect(content?["docker-compose"] == "v1")
        #expect(
            content?["environmental-variables"] == [
                ["name": "TITLE", "value": "mine"], ["name": "NEW", "value": "n"],
            ])
        for href in ["module/other_1", setting.module.description] {
            let error = await test.failure {
                _ = try await test.resources.perform(
                    "fetch-module", on: setting.deployment, ["module-href": .string(href)], in: test.scope())
            }
            #expect(error.code == .invalidInput)
        }
    }

    @Test("an action in the wrong state is refused and queues nothing", arguments: DeploymentState.allCases)
    func guards(_ state: DeploymentState) async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        for operation in [DeploymentOperation.start, .stop, .update] where !state.allows(operation) {
            try await setting.set(state.rawValue)
            let error = await test.failure {
                _ = try await test.resources.perform(operation.rawValue, on: setting.deployment, in: test.scope())
            }
            #expect(error.code == .invalidState)
            #expect(
                error.message
                    == "Action \(operation.rawValue) cannot be called on \(setting.deployment) in state \(state.rawValue)!"
            )
            #expect(try await test.store.get(setting.deployment)["state"] == .string(state.rawValue))
        }
        if !state.allows(.delete) {
            #expect(
                await test.failure { _ = try await test.resources.delete(setting.deployment, in: test.scope()) }.code
                    == .invalidState)
        }
        let jobs = try await test.resources.query(
            "job", QueryParameters(filters: ["action!='credential_check'"]), in: test.scope())
        #expect(jobs.count == 0)
    }

    @Test("start changes the state and queues one job that its maker may see; only one of two starts wins")
    func start() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let results = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let answer = try? await test.resources.perform("start", on: setting.deployment, in: test.scope())
                    return answer.flatMap(TestPlane.operation)?.status ?? 409
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.sorted() == [202, 409])
        #expect(try await test.store.get(setting.deployment)["state"] == "STARTING")
        let jobs = try await test.resources.query(
            "job", QueryParameters(filters: ["action='start_deployment'"]), in: test.scope())
        #expect(jobs.count == 1)
        #expect(jobs.resources[0]["operations"]?.arrayValue?.map { $0["rel"] } == ["cancel"])
        #expect(try await test.resources.query("job", in: test.scope(TestPlane.bob)).count == 0)
    }

    @Test("whoever comes second is told who is at work and by which job")
    func second() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let share: JSONValue = ["owners": ["user/ada"], "edit-acl": ["user/bob"]]
        _ = try await test.resources.edit(setting.deployment, ["acl": share], in: test.scope())
        for id in [
            setting.credential, ResourceID(try await test.store.get(setting.credential)["parent"]?.stringValue ?? ""),
        ] {
            _ = try await test.resources.edit(try #require(id), ["acl": share], in: test.scope())
        }
        let answer = try await test.resources.perform("start", on: setting.deployment, in: test.scope())
        let job = try #require(TestPlane.operation(answer)?.location)
        let error = await test.failure {
            _ = try await test.resources.perform("start", on: setting.deployment, in: test.scope(TestPlane.bob))
        }
        #expect(error.code == .invalidState)
        #expect(error.message.hasSuffix("in state STARTING! \(job) (start_deployment) of user/ada is at work on it"))
    }

    @Test("a clone is at rest, with the values and without the target; a group is left where there is one only")
    func clone() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let values: JSONValue = ["content": ["environmental-variables": [["name": "TITLE", "value": "mine"]]]]
        _ = try await test.resources.edit(setting.deployment, ["module": values], in: test.scope())
        let answer = try await test.resources.perform("clone", on: setting.deployment, in: test.scope())
        let id = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
        let clone = try await test.resources.get(id, in: test.scope())
        #expect(clone["state"] == "CREATED" && clone["parent"] == nil && clone["owner"] == "user/ada")
        #expect(clone["stack-name"] == .string(id.identifier))
        let variables = clone["module"]?["content"]?["environmental-variables"]?.arrayValue
        #expect(variables?.first == ["name": "TITLE", "value": "mine"])
        #expect(
            await test.failure {
                _ = try await test.resources.perform("detach", on: id, in: test.scope())
            }.code == .conflict)
        let resources = try await test.resources.perform("fetch-coe-resources", on: id, in: test.scope())
        guard case .value(let value) = resources.content else { throw Missing("no value") }
        #expect(value == [:])
    }

    @Test("who may see a deployment may see its parameters and revisions, also later on")
    func children() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let parent = JSONValue.string(setting.deployment.description)
        let id = try await test.add("deployment-parameter", ["parent": parent, "name": "hostname", "value": "x"])
        let bob = test.scope(TestPlane.bob)
        #expect(await test.failure { _ = try await test.resources.get(id, in: bob) }.code == .forbidden)
        let share: JSONValue = ["owners": ["user/ada"], "view-data": ["user/bob"]]
        _ = try await test.resources.edit(setting.deployment, ["acl": share], in: test.scope())
        #expect(try await test.resources.get(id, in: bob)["value"] == "x")
        #expect(
            await test.failure { _ = try await test.resources.edit(id, ["value": "y"], in: bob) }.code == .forbidden)
        _ = try await test.resources.edit(setting.deployment, ["acl": ["owners": ["user/ada"]]], in: test.scope())
        #expect(await test.failure { _ = try await test.resources.get(id, in: bob) }.code == .forbidden)
    }

    @Test("a stop cancels the start that is under way and carries its flags")
    func stop() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        _ = try await test.resources.perform("start", on: setting.deployment, in: test.scope())
        _ = try await test.resources.perform(
            "stop", on: setting.deployment, ["delete": true, "x": 1], in: test.scope())
        let jobs = try await test.resources.query(
            "job", QueryParameters(filters: ["action!='credential_check'"], orderBy: [.init("action")]),
            in: test.scope())
        #expect(jobs.resources.map { $0["state"] } == ["CANCELED", "QUEUED"])
        #expect(jobs.resources[1]["payload"] == #"{"delete":true}"#)
    }

    @Test("without a target nothing is started")
    func noTarget() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let id = try await test.add("deployment", ["module": ["href": .string(setting.module.description)]])
        let error = await test.failure { _ = try await test.resources.perform("start", on: id, in: test.scope()) }
        #expect(error.code == .invalidState && error.message.contains("has no target"))
        #expect(try await test.store.get(id)["state"] == "CREATED")
        _ = try await test.resources.delete(setting.credential, in: test.scope())
        let gone = await test.failure {
            _ = try await test.resources.perform("start", on: setting.deployment, in: test.scope())
        }
        #expect(gone.code == .notFound)
    }

    @Test("a plan is made of what was put, and of what would be put, and stores nothing")
    func plan() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let change: JSONValue = ["content": ["environmental-variables": [["name": "TITLE", "value": "planned"]]]]
        let answer = try await test.resources.perform(
            "plan", on: setting.deployment, ["module": change], in: test.scope())
        guard case .value(let plan) = answer.content else { throw Missing("no plan") }
        let variables = plan["module"]?["content"]?["environmental-variables"]?.arrayValue
        #expect(variables?.first == ["name": "TITLE", "value": "planned"])
        #expect(try await test.store.get(setting.deployment).revision == 1)
    }

    @Test("parameters have ids of their own making, and go with their deployment")
    func parameters() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let parent = JSONValue.string(setting.deployment.description)
        let body: JSONObject = ["parent": parent, "name": "web.tcp.80", "node-id": "web", "value": "30012"]
        let id = try await test.add("deployment-parameter", body)
        let expected = NameBasedUUID.make("\(setting.deployment):web:web.tcp.80")
        #expect(id.identifier == expected)
        #expect(await test.failure { _ = try await test.add("deployment-parameter", body) }.code == .conflict)
        let foreign = await test.failure { _ = try await test.add("deployment-parameter", body, by: TestPlane.bob) }
        #expect(foreign.code == .forbidden)
        let edited = try await test.resources.edit(id, ["value": "1", "name": "other"], in: test.scope())
        #expect(edited["value"] == "1" && edited["name"] == "web.tcp.80")
        let stored = try await test.store.get(setting.deployment)
        let made = DeploymentParameter.document("web.tcp.80", node: "web", value: "1", of: stored)
        #expect(made["id"] == .string(id.description))
        _ = try await test.resources.delete(setting.deployment, in: test.scope())
        #expect(try await test.store.find(id) == nil)
    }

    @Test("force-delete removes document and children in any state, and ends the jobs")
    func forceDelete() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        _ = try await test.resources.perform("start", on: setting.deployment, in: test.scope())
        let stranger = await test.failure {
            _ = try await test.resources.perform("force-delete", on: setting.deployment, in: test.scope(TestPlane.bob))
        }
        #expect(stranger.code == .forbidden)
        _ = try await test.resources.perform("force-delete", on: setting.deployment, in: test.scope())
        #expect(try await test.store.find(setting.deployment) == nil)
        let jobs = try await test.resources.query(
            "job", QueryParameters(filters: ["action='start_deployment'"]), in: test.scope())
        #expect(jobs.resources.map { $0["state"] } == ["CANCELED"])
    }

    @Test("a log belongs to the session that made it, and fetching is one job at a time")
    func logs() async throws {
        let setting = try await DeploymentSetting.make()
        let test = setting.test
        let create = {
            try await test.resources.perform(
                "create-log", on: setting.deployment, ["components": ["web"], "lines": 10], in: test.scope())
        }
        #expect(await test.failure { _ = try await create() }.code == .invalidState)
        try await setting.set("STARTED")
        let id = try #require(TestPlane.operation(try await create())?.resourceID.flatMap { ResourceID($0) })
        let other = Requester.user("user/ada", session: "session/other")
        #expect(await test.failure { _ = try await test.resources.get(id, in: test.scope(other)) }.code == .forbidden)
        let first = TestPlane.operation(try await test.resources.perform("fetch", on: id, in: test.scope()))
        let second = TestPlane.operation(try await test.resources.perform("fetch", on: id, in: test.scope()))
        #expect(first?.status == 202 && first?.location == second?.location)
        // As Python's helper asks.
        let python = try await test.resources.perform(
            "create-log", on: setting.deployment, ["service": "Service/web", "since": "2026-01-10T10:00:00Z"],
            in: test.scope())
        let pythonID = try #require(TestPlane.operation(python)?.resourceID.flatMap { ResourceID($0) })
        #expect(try await test.store.get(pythonID)["components"] == ["web"])
    }
}
