import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// What the API key of a deployment's containers may do, and whose rights it may have.
@Suite struct DeploymentKeyTests {
    private struct Setting {
        let test: TestPlane
        let service: ResourceID
        let credential: ResourceID
        let deployment: ResourceID

        /// The container's requests.
        var own: Requester {
            let id = deployment.description
            return Requester(userID: id, activeClaim: id, claims: [id, "group/nuvla-user"])
        }

        func start(by requester: Requester = TestPlane.ada) async throws -> StoredDocument {
            _ = try await test.resources.perform("start", on: deployment, in: test.scope(requester))
            let document = try await test.store.get(deployment)
            let key = document["api-credentials"]?["api-key"]?.stringValue.flatMap { ResourceID($0) }
            return try await test.store.get(try #require(key))
        }
    }

    private func setting(_ content: JSONObject = [:]) async throws -> Setting {
        let test = try await TestPlane.make()
        _ = try await test.add("module", ["subtype": "project", "path": "lab"])
        let text: JSONObject = ["author": "ada", "docker-compose": "services: {web: {image: x}}"]
        let module = try await test.add(
            "module",
            ["subtype": "application", "path": "lab/web", "name": "web", "content": .object(text.merging(content))])
        let service = try await test.addService()
        let credential = try await test.addCredential(on: service)
        let deployment = try await test.add(
            "deployment",
            ["module": ["href": .string(module.description)], "parent": .string(credential.description)])
        return Setting(test: test, service: service, credential: credential, deployment: deployment)
    }

    @Test("a container cannot give itself its user's rights, nor decide what its deployment is")
    func escalation() async throws {
        let setting = try await setting()
        let before = try await setting.test.store.get(setting.deployment)
        let edited = try await setting.test.resources.edit(
            setting.deployment,
            [
                "data": ["records": ["records-ids": ["data-record/1"]]], "parent": "credential/x", "state": "STARTED",
                "stack-name": "other", "registries-credentials": ["credential/x"], "description": "mine",
                "module": ["content": ["environmental-variables": [["name": "TITLE", "value": "x"]]]],
            ], removing: ["parent", "data"], in: setting.test.scope(setting.own))
        #expect(edited["description"] == "mine")
        let after = try await setting.test.store.get(setting.deployment)
        for key in ["data", "parent", "state", "stack-name", "registries-credentials", "module"] {
            #expect(after[key] == before[key], "\(key)")
        }
        let href = (before["module"]?["id"]?.stringValue ?? "") + "_0"
        let refused = await setting.test.failure {
            _ = try await setting.test.resources.perform(
                "fetch-module", on: setting.deployment, ["module-href": .string(href)],
                in: setting.test.scope(setting.own))
        }
        #expect(refused.code == .forbidden)
        _ = try await setting.test.add(
            "deployment-parameter",
            ["parent": .string(setting.deployment.description), "name": "url", "value": "http://x"], by: setting.own)
        let key = try await setting.start()
        #expect(key["claims"]?["identity"] == .string(setting.deployment.description))
    }

    @Test("an empty data asks for no rights, data to work on for those of the owner")
    func data() async throws {
        for (data, isUsers): (JSONValue, Bool) in [
            ([:], false), (["records": ["filters": []]], false),
            (["records": ["records-ids": ["data-record/1"]]], true),
            (["objects": ["objects-ids": ["data-object/1"]]], true),
        ] {
            let setting = try await setting()
            _ = try await setting.test.resources.edit(setting.deployment, ["data": data], in: setting.test.scope())
            let identity = isUsers ? "user/ada" : setting.deployment.description
            #expect(try await setting.start()["claims"]?["identity"] == .string(identity), "\(data.text())")
        }
    }

    @Test("the rights of a user are the owner's to give, and nobody else's who presses start")
    func ownerOnly() async throws {
        let setting = try await setting(["requires-user-rights": true])
        let share: JSONValue = ["owners": ["user/ada"], "edit-acl": ["user/bob"]]
        for id in [setting.deployment, setting.credential, setting.service] {
            _ = try await setting.test.resources.edit(id, ["acl": share], in: setting.test.scope())
        }
        let error = await setting.test.failure { _ = try await setting.start(by: TestPlane.bob) }
        #expect(error.code == .forbidden && error.message.contains("only its owner user/ada can give"))
        #expect(try await setting.test.store.get(setting.deployment)["state"] == "CREATED")
        #expect(try await setting.start()["claims"]?["identity"] == "user/ada")
    }

    @Test("a scoped key that ends makes containers' keys with its scope that end with it")
    func scope() async throws {
        let setting = try await setting(["requires-user-rights": true])
        let answer = try await setting.test.resources.add(
            "credential",
            [
                "template": [
                    "href": "credential-template/generate-api-key", "ttl": 3600,
                    "scope": ["actions": ["start", "retrieve"]],
                ]
            ], in: setting.test.scope())
        let operation = try #require(TestPlane.operation(answer))
        let login: JSONObject = [
            "template": [
                "href": "session-template/api-key", "key": .string(operation.resourceID ?? ""),
                "secret": try #require(operation.extras["secret-key"]),
            ]
        ]
        // The user must be there for its keys to work.
        try await setting.test.store.write {
            _ = try $0.insert(["id": "user/ada", "resource-type": "user", "state": "ACTIVE"])
        }
        let session = try await setting.test.resources.add("session", login, in: setting.test.scope(.anonymous))
        let id = try #require(TestPlane.operation(session)?.resourceID)
        let scope = try KeyScope(json: ["actions": ["start", "retrieve"]])
        let requester = Requester(
            userID: "user/ada", activeClaim: "user/ada", claims: ["user/ada", "group/nuvla-user", id], session: id,
            scope: scope, key: operation.resourceID)
        let module: JSONValue = ["content": ["environmental-variables": [["name": "A", "value": "1"]]]]
        let refused = await setting.test.failure {
            _ = try await setting.test.resources.perform(
                "start", on: setting.deployment, ["module": module], in: setting.test.scope(requester))
        }
        #expect(refused.code == .forbidden, "who may only start must not change what is started")
        let key = try await setting.start(by: requester)
        #expect(key["scope"] == scope.json)
        let made = try #require(ResourceID(operation.resourceID ?? ""))
        #expect(try await key["expiry"] == setting.test.store.get(made)["expiry"] && key["expiry"] != nil)
    }
}
