import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// Whole lives of deployments against the fake engine: jobs, revisions, operations.
@Suite struct DeploymentLifeTests {
    private static let text = """
        services:
          web: {image: 'busybox:1', command: sleep 1000, environment: [KEY=$NUVLA_API_KEY, SECRET=$NUVLA_API_SECRET]}
          db: {image: 'busybox:1', command: sleep 1000, secrets: [pass]}
        secrets: {pass: {file: ./pass}}
        """

    private static let plain = "services: {web: {image: 'busybox:1', command: sleep 1000, deploy: {replicas: 2}}}"

    private func specs(_ live: LivePlane) async throws -> [String: ServiceSpec] {
        let client = try EngineClient(endpoint: live.engine.endpoint, logger: .init(label: "test"))
        let services = try await client.services()
        await client.shutdown()
        return Dictionary(uniqueKeysWithValues: services.map { ($0.spec.name ?? "", $0.spec) })
    }

    @Test("a start records the first revision in the same breath as its success")
    func start() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.plain, stack: "shop")
            let job = try await live.work("start", on: id)
            #expect(job["state"] == "SUCCESS", "\(job)")
            let document = try await live.document(id)
            #expect(document["state"] == "STARTED" && document["revision"] == 1 && document["services"] == ["web"])
            #expect(document["health"] == "healthy" && document["reason"] == nil)
            let revision = try #require(try await live.revisions(of: id).first)
            #expect(revision["stack-name"] == "shop" && revision["operation"] == "start" && revision["revision"] == 1)
            #expect(revision["outcome"] == "succeeded" && revision["job"] == job["id"])
            #expect(revision["images"]?["web"]?.stringValue?.hasPrefix("busybox:1") == true)
            #expect(revision["docker-compose"] == .string(Self.plain) && revision["module"]?["version"] == 0)
            #expect(revision["sealed"] == nil, "what is sealed is nobody's to read")
            #expect(try await specs(live).keys.sorted() == ["shop_web"])
        }
    }

    @Test("a rollback brings former specs back, digests and replicas included, and so does the document")
    func rollback() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.plain, stack: "shop")
            _ = try await live.work("start", on: id)
            let first = try await specs(live)
            let scaled = try await live.work("scale", on: id, ["services": ["web": 3]])
            #expect(scaled["state"] == "SUCCESS", "\(scaled)")
            #expect(try await specs(live)["shop_web"]?.mode?.replicated?.replicas == 3)
            let back = try await live.work("rollback", on: id, ["revision": 1])
            #expect(back["state"] == "SUCCESS", "\(back)")
            #expect(try await specs(live) == first)
            let document = try await live.document(id)
            #expect(document["revision"] == 3 && document["state"] == "STARTED")
            let revisions = try await live.revisions(of: id)
            #expect(revisions.map { $0["operation"] } == ["start", "scale", "rollback"])
            #expect(revisions.last?["restored"] == 1)
            let unknown = await live.test.failure { _ = try await live.work("rollback", on: id, ["revision": 9]) }
            #expect(unknown.code == .notFound && unknown.message.contains("there are: 3, 2, 1"))
        }
    }

    @Test("a restart makes the named services' tasks anew and nothing else")
    func restart() async throws {
        try await LivePlane.run { live in
            let text = "services: {a: {image: 'busybox:1'}, b: {image: 'busybox:1'}}"
            let id = try await live.deployment(text, stack: "shop")
            _ = try await live.work("start", on: id)
            let before = try await specs(live)
            let job = try await live.work("restart", on: id, ["services": ["a"]])
            #expect(job["state"] == "SUCCESS", "\(job)")
            let after = try await specs(live)
            #expect(after["shop_b"] == before["shop_b"])
            #expect(
                (after["shop_a"]?.taskTemplate.forceUpdate ?? 0) > (before["shop_a"]?.taskTemplate.forceUpdate ?? 0))
            let error = await live.test.failure { _ = try await live.work("restart", on: id, ["services": ["x"]]) }
            #expect(error.code == .notFound && error.message.contains("there are: a, b"))
        }
    }

    @Test("containers get a key that acts as the deployment, and it ends with the stop")
    func apiKey() async throws {
        try await LivePlane.run { live in
            let text = "services: {web: {image: 'busybox:1', environment: ['K=$NUVLA_API_KEY', 'S=$NUVLA_API_SECRET']}}"
            let id = try await live.deployment(text, stack: "shop")
            _ = try await live.work("start", on: id)
            let document = try await live.document(id)
            let key = try #require(document["api-credentials"]?["api-key"]?.stringValue)
            let secret = try #require(document["api-credentials"]?["api-secret"]?.stringValue)
            let environment = try await specs(live)["shop_web"]?.taskTemplate.containerSpec?.env ?? []
            #expect(environment.contains("K=\(key)") && environment.contains("S=\(secret)"))
            #expect(try await live.test.store.get(id)["api-secret"]?.stringValue != secret, "it is sealed in the store")

            let session: JSONObject = [
                "template": ["href": "session-template/api-key", "key": .string(key), "secret": .string(secret)]
            ]
            let login = try await live.test.resources.add("session", session, in: live.test.scope(.anonymous))
            guard case .set(let token, _)? = login.cookie else { throw Missing("no cookie was set") }
            let container = try await live.test.plane.authenticator.requester(cookie: token.exposed)
            let made = try await live.test.add(
                "credential", ["template": ["href": "credential-template/generate-api-key"]], by: container)
            let claims = try await live.test.store.get(#require(ResourceID(key)))["claims"]
            #expect(claims?["identity"] == .string(id.description))
            let own = Requester(
                userID: id.description, activeClaim: id.description, claims: [id.description, "group/nuvla-user"])
            #expect(try await live.test.resources.get(id, in: live.test.scope(own))["id"] == .string(id.description))

            let stopped = try await live.work("stop", on: id)
            #expect(stopped["state"] == "SUCCESS", "\(stopped)")
            let after = try await live.document(id)
            #expect(after["state"] == "STOPPED" && after["api-credentials"] == nil && after["health"] == nil)
            let refused = await live.test.failure {
                _ = try await live.test.resources.add("session", session, in: live.test.scope(.anonymous))
            }
            #expect(refused.code == .forbidden)
            #expect(try await live.test.store.find(made) == nil, "what the container's key has made goes with it")
            #expect(try await live.test.plane.authenticator.requester(cookie: token.exposed) == .anonymous)
            #expect(try await live.revisions(of: id).count == 1, "revisions outlive a stop")
        }
    }

    @Test("a revision from before a stop is brought back with the key of today")
    func rollbackAfterRestart() async throws {
        try await LivePlane.run { live in
            let text = "services: {web: {image: 'busybox:1', environment: ['S=$NUVLA_API_SECRET']}}"
            let id = try await live.deployment(text, stack: "shop")
            _ = try await live.work("start", on: id)
            _ = try await live.work("stop", on: id)
            _ = try await live.work("start", on: id)
            let secret = try #require(try await live.document(id)["api-credentials"]?["api-secret"]?.stringValue)
            let job = try await live.work("rollback", on: id, ["revision": 1])
            #expect(job["state"] == "SUCCESS", "\(job)")
            #expect(try await specs(live)["shop_web"]?.taskTemplate.containerSpec?.env?.contains("S=\(secret)") == true)
        }
    }

    @Test("ten revisions are kept, and numbers go on")
    func tenRevisions() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.plain, stack: "shop")
            _ = try await live.work("start", on: id)
            for count in 1...11 {
                _ = try await live.work("scale", on: id, ["services": ["web": JSONValue(count % 4)]])
            }
            let numbers = try await live.revisions(of: id).compactMap { $0["revision"]?.integerValue }
            #expect(numbers == Array(3...12))
        }
    }

    @Test("a second deployment of a stack is refused with the words who and which job")
    func twoOfOneStack() async throws {
        try await LivePlane.run { live in
            let first = try await live.deployment(Self.plain, stack: "shop")
            let second = try await live.deployment(Self.plain, stack: "shop")
            _ = try await live.work("start", on: first)
            let error = await live.test.failure { _ = try await live.work("start", on: second) }
            #expect(error.code == .conflict)
            #expect(error.message.contains(first.description) && error.message.contains("user/ada"))
            let renamed = try await live.test.resources.edit(second, ["stack-name": "other"], in: live.test.scope())
            #expect(renamed["stack-name"] == "other")
            #expect(try await live.work("start", on: second)["state"] == "SUCCESS")
            let late = await live.test.failure {
                _ = try await live.test.resources.edit(second, ["stack-name": "third"], in: live.test.scope())
            }
            #expect(late.code == .invalidState)
        }
    }

    @Test("what is on the Swarm is listed with whom it belongs to, and a foreign stack becomes a deployment untouched")
    func adoption() async throws {
        try await LivePlane.run { live in
            let own = try await live.deployment(Self.plain, stack: "shop")
            _ = try await live.work("start", on: own)
            // Forgotten with its containers left running: a stack that belongs to nobody.
            let former = try await live.deployment(Self.plain, name: "former", stack: "old")
            _ = try await live.work("start", on: former)
            _ = try await live.test.resources.perform("force-delete", on: former, in: live.test.scope())

            let listed = try await live.test.resources.perform("stacks", on: live.service, in: live.test.scope())
            guard case .value(let value) = listed.content else { throw Missing("stacks") }
            let rows = value["stacks"]?.arrayValue ?? []
            #expect(rows.map { $0["name"] } == ["old", "shop"] && rows.map { $0["owned"] } == [false, true])
            #expect(rows.last?["deployment"] == .string(own.description))

            let before = try await specs(live)
            let answer = try await live.test.resources.perform(
                "adopt", on: live.service, ["stack": "old"], in: live.test.scope())
            let id = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
            let document = try await live.document(id)
            #expect(document["state"] == "STARTED" && document["stack-name"] == "old" && document["revision"] == 1)
            #expect(try await specs(live) == before)
            let plan = try await live.test.resources.perform("plan", on: id, in: live.test.scope())
            guard case .value(let steps) = plan.content else { throw Missing("plan") }
            #expect(steps["changes"] == 0, "\(steps)")
            let again = await live.test.failure {
                _ = try await live.test.resources.perform(
                    "adopt", on: live.service, ["stack": "old"], in: live.test.scope())
            }
            #expect(again.code == .conflict && again.message.contains(id.description))
            #expect(try await live.work("update", on: id)["state"] == "SUCCESS")
            #expect(try await live.document(id)["api-credentials"] != nil, "its key comes with the first update")
        }
    }

    @Test("the first update after an adoption removes no secret that nobody uses")
    func adoptionKeepsSecrets() async throws {
        try await LivePlane.run { live in
            let text = """
                services: {web: {image: 'busybox:1', secrets: [a]}}
                secrets: {a: {environment: A}, b: {environment: A}}
                """
            let client = try EngineClient(endpoint: live.engine.endpoint, logger: Logger(label: "test"))
            let engine = StackEngine(engine: client, logger: Logger(label: "test"))
            let input = ComposeInput(
                sources: [ComposeSource(path: "c.yaml", text: text)], environment: ["A": "x"],
                reader: MemoryFileReader(files: [:]), workingDirectory: "/")
            let desired = try ComposeReader.desiredStack(input, stackName: "shop")
            _ = try await engine.apply(try await engine.plan(desired))
            let answer = try await live.test.resources.perform(
                "adopt", on: live.service, ["stack": "shop"], in: live.test.scope())
            let id = try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
            #expect(try await live.work("update", on: id)["state"] == "SUCCESS")
            #expect(try await client.secrets().map(\.spec.name).sorted() == ["shop_a", "shop_b"])
            await client.shutdown()
        }
    }

    @Test("an adoption that is refused leaves nothing at the server")
    func refusedAdoption() async throws {
        try await LivePlane.run { live in
            let client = try EngineClient(endpoint: live.engine.endpoint, logger: Logger(label: "test"))
            var spec = ServiceSpec(name: "shop_web", labels: [DesiredStack.namespaceLabel: "shop"])
            spec.taskTemplate.containerSpec = ContainerSpec(image: "busybox:1")
            spec.taskTemplate.containerSpec?.mounts = [
                Mount(type: "tmpfs", target: "/t", tmpfsOptions: TmpfsOptions(mode: 0o700))
            ]
            _ = try await client.createService(spec)
            await client.shutdown()
            let refused = await live.test.failure {
                _ = try await live.test.resources.perform(
                    "adopt", on: live.service, ["stack": "shop"], in: live.test.scope())
            }
            #expect(refused.code == .unsupported)
            #expect(try await live.test.resources.query("module", in: live.test.scope()).count == 0)
            #expect(try await live.test.resources.query("deployment", in: live.test.scope()).count == 0)
        }
    }

    @Test("tasks are listed with their states, newest first in each slot")
    func tasks() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.plain, stack: "shop")
            _ = try await live.work("start", on: id)
            live.engine.swarm.crash(service: "shop_web", exitCode: 7, isReplaced: true)
            let answer = try await live.test.resources.perform("tasks", on: id, in: live.test.scope())
            guard case .value(let value) = answer.content else { throw Missing("tasks") }
            let service = try #require(value["services"]?.arrayValue?.first)
            #expect(service["name"] == "web" && service["desired"] != nil)
            let tasks = service["tasks"]?.arrayValue ?? []
            #expect(tasks.count == 3 && tasks[0]["slot"] == 1 && tasks[0]["state"] == "running")
            #expect(tasks[1]["state"] == "failed" && tasks[1]["exit-code"] == 7 && tasks[1]["node"] == "fake")
        }
    }

    @Test("many are stopped by one bulk job, and what could not be is said with its reason")
    func bulk() async throws {
        try await LivePlane.run { live in
            let up = try await live.deployment(Self.plain, stack: "one")
            let rest = try await live.deployment(Self.plain, stack: "two")
            _ = try await live.work("start", on: up)
            let answer = try await live.test.resources.performBulk(
                "bulk-stop", on: "deployment", ["filter": "id!=null"], in: live.test.scope())
            let job = try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
            let ended = try await live.document(job) { ["SUCCESS", "FAILED"].contains($0["state"]?.stringValue ?? "") }
            let result = try JSONValue.parse(ended["status-message"]?.stringValue ?? "")
            #expect(result["success"] == [.string(up.description)] && result["failed_count"] == 1)
            #expect(
                result["error_reasons"]?.arrayValue?.first?["data"]?.arrayValue?.first?["id"]
                    == .string(rest.description))
            _ = try await live.document(up) { $0["state"] == "STOPPED" }
        }
    }

    private func bulk(_ live: LivePlane, _ action: String, _ body: JSONObject) async throws -> JSONValue {
        let answer = try await live.test.resources.performBulk(action, on: "deployment", body, in: live.test.scope())
        let job = try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
        let ended = try await live.document(job) { ["SUCCESS", "FAILED"].contains($0["state"]?.stringValue ?? "") }
        return try JSONValue.parse(ended["status-message"]?.stringValue ?? "")
    }

    @Test("many are updated by one bulk job, to another version of their module; one that is at rest is told")
    func bulkUpdate() async throws {
        try await LivePlane.run { live in
            let up = try await live.deployment(Self.plain, stack: "one")
            let rest = try await live.deployment(Self.plain, stack: "two")
            _ = try await live.work("start", on: up)
            let module = try #require(
                try await live.document(up)["module"]?["id"]?.stringValue.flatMap { ResourceID($0) })
            _ = try await live.test.resources.edit(
                module, ["content": ["author": "ada", "docker-compose": "services: {web: {image: 'busybox:2'}}"]],
                in: live.test.scope())
            let result = try await bulk(
                live, "bulk-update",
                ["filter": .string("id='\(up)'"), "module-href": .string(module.description + "_1")])
            #expect(result["success"] == [.string(up.description)], "\(result.text())")
            let updated = try await live.document(up) { $0["state"] == "STARTED" && $0["revision"] == 2 }
            #expect(updated["module"]?["content"]?["docker-compose"]?.stringValue?.contains("busybox:2") == true)
            let refused = try await bulk(live, "bulk-update", ["filter": .string("id='\(rest)'")])
            #expect(refused["success_count"] == 0 && refused["failed_count"] == 1, "\(refused.text())")
        }
    }

    @Test("many are forgotten by one bulk job whatever their state; their services run on, and others' are not touched")
    func bulkForceDelete() async throws {
        try await LivePlane.run { live in
            let up = try await live.deployment(Self.plain, stack: "one")
            let rest = try await live.deployment(Self.plain, stack: "two")
            _ = try await live.work("start", on: up)
            let foreign = try await live.test.resources.performBulk(
                "bulk-force-delete", on: "deployment", ["filter": "id!=null"], in: live.test.scope(TestPlane.bob))
            let job = try #require(TestPlane.operation(foreign)?.location.flatMap { ResourceID($0) })
            for _ in 0..<200 where try await live.test.store.get(job)["state"] != "SUCCESS" {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await live.test.store.find(up) != nil)
            let result = try await bulk(live, "bulk-force-delete", ["filter": "id!=null"])
            #expect(result["success_count"] == 2, "\(result.text())")
            for id in [up, rest] { #expect(try await live.test.store.find(id) == nil) }
            #expect(!live.engine.requests.contains { $0.method == "DELETE" && $0.path.hasPrefix("/services") })
        }
    }

    @Test("deleting what is being stopped means: when it is stopped")
    func deleteWhileStopping() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.plain, stack: "shop")
            _ = try await live.work("start", on: id)
            _ = try await live.test.resources.perform("stop", on: id, in: live.test.scope())
            let answer = try? await live.test.resources.delete(id, in: live.test.scope())
            if let answer { #expect(TestPlane.operation(answer)?.status == 202) }
            for _ in 0..<200 where try await live.test.store.find(id) != nil {
                try await Task.sleep(for: .milliseconds(50))
                // The stop may have been faster than the delete.
                if answer == nil { _ = try? await live.test.resources.delete(id, in: live.test.scope()) }
            }
            #expect(try await live.test.store.find(id) == nil)
        }
    }
}
