import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// Failures of jobs: state, health and revisions say what is true on the Swarm.
@Suite struct DeploymentTruthTests {
    private static let text = "services: {web: {image: '$IMAGE', command: sleep 1000, deploy: {replicas: 2}}}"

    private func image(_ name: String) -> JSONObject {
        ["module": ["content": ["environmental-variables": [["name": "IMAGE", "value": .string(name)]]]]]
    }

    private func spec(_ live: LivePlane) async throws -> ServiceSpec {
        let client = try EngineClient(endpoint: live.engine.endpoint, logger: Logger(label: "test"))
        let services = try await client.services()
        await client.shutdown()
        return try #require(services.first { $0.spec.name == "shop_web" }).spec
    }

    private func events(_ live: LivePlane, _ id: ResourceID, _ name: String) async throws -> [JSONObject] {
        let filters = ["name='\(name)' and content/resource/href='\(id)'"]
        return try await live.test.resources.query(
            "event", QueryParameters(filters: filters, orderBy: [.init("timestamp")]), in: live.test.scope()
        ).resources
    }

    @Test(
        "an update that is refused before anything was touched leaves a started deployment started, and tells in an event"
    )
    func refused() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            #expect(try await live.work("start", on: id, image("busybox:1"))["state"] == "SUCCESS")
            let job = try await live.work("update", on: id, image("missing:9"))
            #expect(job["state"] == "FAILED")
            let document = try await live.document(id)
            #expect(document["state"] == "STARTED" && document["health"] == "healthy" && document["reason"] == nil)
            let told = try await events(live, id, "deployment.state")
            #expect(
                told.map { $0["success"] } == [true, false]
                    && told.map { $0["content"]?["state"] } == ["STARTED", "STARTED"])
            let words = told.compactMap { $0["description"]?.stringValue }
            #expect(words.first?.hasPrefix("start of deployment shop is done (revision 1): ") == true, "\(words)")
            #expect(words.last?.hasPrefix("update of deployment shop failed: ") == true, "\(words)")
            #expect(told.last?["content"]?["linked-identifiers"]?.arrayValue?.first == job["id"])
        }
    }

    @Test("a first start that is refused has failed, and nothing of it is watched")
    func refusedStart() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            #expect(try await live.work("start", on: id, image("missing:9"))["state"] == "FAILED")
            let document = try await live.document(id)
            #expect(document["state"] == "ERROR" && document["reason"] != nil && document["services"] == nil)
        }
    }

    @Test("a failed update is still watched: health is the stack's, the reason the job's, and deaths are told")
    func watchedInError() async throws {
        let swarm = FakeSwarm { service, task in
            guard service.spec.taskTemplate.containerSpec?.image?.hasPrefix("busybox:2") == true else { return task }
            var dead = task
            dead.status.state = .failed
            dead.status.error = "task: non-zero exit (9)"
            return dead
        }
        try await LivePlane.run(swarm: swarm, watches: true) { live in
            let text = "services: {web: {image: '$IMAGE'}, db: {image: 'busybox:1'}}"
            let id = try await live.deployment(text, stack: "shop")
            #expect(try await live.work("start", on: id, image("busybox:1"))["state"] == "SUCCESS")
            var body = image("busybox:2")
            body["timeout"] = 3
            let job = try await live.work("update", on: id, body)
            #expect(job["state"] == "FAILED")
            let failed = try await live.document(id) { $0["health"] == "degraded" }
            #expect(failed["state"] == "ERROR" && failed["failed-operation"] == "update")
            let reason = failed["reason"]
            #expect(reason != nil)

            live.engine.swarm.crash(service: "shop_db", exitCode: 3)
            let down = try await live.document(id) { $0["health"] == "down" }
            #expect(down["reason"] == reason, "why the job failed stays")
            let told = try await events(live, id, "deployment.health")
            #expect(told.last?["description"]?.stringValue?.contains("non-zero exit (3)") == true)

            for action in ["scale", "restart"] {
                let error = await live.test.failure {
                    _ = try await live.work(action, on: id, action == "scale" ? ["services": ["web": 1]] : [:])
                }
                #expect(error.code == .invalidState && error.message.contains("update or roll back first"), "\(error)")
            }
            live.engine.swarm.recover(service: "shop_db")
            #expect(try await live.work("update", on: id, image("busybox:1"))["state"] == "SUCCESS")
            #expect(try await live.document(id)["failed-operation"] == nil)
            #expect(try await live.work("restart", on: id)["state"] == "SUCCESS")
        }
    }

    @Test("a scale records what was last applied, and not what has been put into the document since")
    func scaleKeepsModule() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            _ = try await live.work("start", on: id, image("busybox:1"))
            var edit = image("busybox:2")
            edit["module"] = [
                "content": [
                    "environmental-variables": [
                        ["name": "IMAGE", "value": "busybox:2"], ["name": "MORE", "value": "x"],
                    ]
                ]
            ]
            _ = try await live.test.resources.edit(id, edit, in: live.test.scope())
            #expect(try await live.work("scale", on: id, ["services": ["web": 3]])["state"] == "SUCCESS")
            let revisions = try await live.revisions(of: id)
            #expect(revisions.map { $0["variables"] } == [["IMAGE"], ["IMAGE"]])
            #expect(try await spec(live).taskTemplate.containerSpec?.image?.hasPrefix("busybox:1") == true)
            #expect(try await live.work("update", on: id)["state"] == "SUCCESS", "the document's own is still there")
            #expect(try await spec(live).taskTemplate.containerSpec?.image?.hasPrefix("busybox:2") == true)
        }
    }

    @Test("an election is waited for before anything is planned; an engine that says something else is not")
    func election() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            let count = Shared(0)
            live.engine.setScript { request in
                guard request.path == "/services", request.method == "GET" else { return nil }
                count.change { $0 += 1 }
                guard count.value <= 2 else { return nil }
                return .error(503, "rpc error: code = Unknown desc = The swarm does not have a leader.")
            }
            #expect(try await live.work("start", on: id, image("busybox:1"))["state"] == "SUCCESS")
            #expect(count.value > 2)
            live.engine.setScript { request in
                request.path == "/services" ? .error(500, "something else is broken") : nil
            }
            #expect(try await live.work("update", on: id)["state"] == "FAILED")
            live.engine.setScript(nil)
        }
    }

    @Test("a refused account that others share is left out with a warning, one of the owner's own is an error")
    func sharedAccount() async throws {
        try await LivePlane.run { live in
            let test = live.test
            let account = { (requester: Requester) in
                let service = try await test.add(
                    "infrastructure-service",
                    [
                        "template": [
                            "href": "infrastructure-service-template/generic", "subtype": "registry",
                            "endpoint": "https://index.docker.io",
                        ]
                    ], by: requester)
                return try await test.add(
                    "credential",
                    [
                        "template": [
                            "href": "credential-template/infrastructure-service-registry", "username": "robot",
                            "password": "wrong", "parent": .string(service.description),
                        ]
                    ], by: requester)
            }
            let shared = try await account(TestPlane.bob)
            let everybody: JSONValue = ["owners": ["user/bob"], "view-acl": ["group/nuvla-user"]]
            _ = try await test.resources.edit(shared, ["acl": everybody], in: test.scope(TestPlane.bob))
            live.engine.setScript { request in
                let isAsked = request.path.hasPrefix("/distribution")
                guard isAsked, request.headers["x-registry-auth"] != nil else { return nil }
                return .error(401, "unauthorized: incorrect username or password")
            }
            let id = try await live.deployment(Self.text, stack: "shop")
            let job = try await live.work("start", on: id, image("busybox:1"))
            #expect(job["state"] == "SUCCESS", "\(job)")
            #expect(job["status-message"]?.stringValue?.contains("refuses the account robot that others share") == true)
            let created = live.engine.requests.filter { $0.path == "/services/create" }
            #expect(created.count == 1 && created.allSatisfy { $0.headers["x-registry-auth"] == nil })

            _ = try await account(TestPlane.ada)
            let refused = try await live.work("update", on: id, image("busybox:2"))
            #expect(refused["state"] == "FAILED")
            #expect(refused["status-message"]?.stringValue?.contains("refuses the credential of user robot") == true)
        }
    }
}
