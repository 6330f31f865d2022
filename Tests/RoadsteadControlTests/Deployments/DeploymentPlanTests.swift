import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadTestKit
import Testing

/// Plans over the API, and what is held to them; against the fake engine.
@Suite struct DeploymentPlanTests {
    private static let text = "services: {web: {image: 'busybox:1', command: sleep 1000}}"

    private func plan(_ live: LivePlane, _ id: ResourceID, _ body: JSONObject) async throws -> JSONValue {
        let answer = try await live.test.resources.perform("plan", on: id, body, in: live.test.scope())
        guard case .value(let value) = answer.content else { throw Missing("a plan") }
        return value
    }

    private func whole(_ text: String) -> JSONValue {
        ["content": ["author": "ada", "docker-compose": .string(text)]]
    }

    @Test("a first plan stores nothing, and what was approved by it may be started")
    func firstPlan() async throws {
        try await LivePlane.run { live in
            let planned = try await plan(
                live, live.service, ["module": whole(Self.text), "stack-name": "shop"])
            #expect(planned["changes"] == 2 && planned["stack"] == "shop", "\(planned)")
            for type in ["module", "deployment"] {
                #expect(try await live.test.resources.query(type, in: live.test.scope()).count == 0)
            }
            #expect(live.engine.requests.allSatisfy { $0.method == "GET" })
            let id = try await live.deployment(Self.text, stack: "shop")
            let approved = try #require(planned["plan-id"])
            #expect(try await live.work("start", on: id, ["plan-id": approved])["state"] == "SUCCESS")
        }
    }

    @Test("a start is refused when another plan was approved, and nothing is begun")
    func otherPlan() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            let refused = await live.test.failure {
                _ = try await live.test.resources.perform(
                    "start", on: id, ["plan-id": "0123"], in: live.test.scope())
            }
            #expect(refused.code == .conflict && refused.message.contains("0123"))
            #expect(try await live.document(id)["state"] == "CREATED")
        }
    }

    @Test("a plan of another text for a deployment that is there changes neither of them")
    func otherText() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment(Self.text, stack: "shop")
            _ = try await live.work("start", on: id)
            let before = try await live.document(id)
            let planned = try await plan(live, id, ["module": whole(Self.text.replacing("1000", with: "2000"))])
            #expect(planned["changes"] == 1)
            #expect(try await live.document(id) == before)
        }
    }

    @Test("services of a profile are part of a deployment that asks for it, at its plan and at its update")
    func profiles() async throws {
        let text = """
            services:
              web: {image: 'busybox:1', command: sleep 1000}
              debug: {image: 'busybox:1', command: sleep 1000, profiles: [debug]}
            """
        try await LivePlane.run { live in
            let id = try await live.deployment(text, stack: "shop")
            _ = try await live.work("start", on: id)
            #expect(try await live.document(id)["services"] == ["web"])
            #expect(try await plan(live, id, ["profiles": ["debug"]])["changes"] == 1)
            _ = try await live.test.resources.edit(id, ["profiles": ["debug"]], in: live.test.scope())
            _ = try await live.work("update", on: id)
            #expect(try await live.document(id)["services"] == ["debug", "web"])
        }
    }

    @Test("a network whose options changed is made anew by an update that allows it")
    func recreate() async throws {
        let text = "services: {web: {image: 'busybox:1', networks: [n]}}\nnetworks: {n: {attachable: false}}"
        try await LivePlane.run { live in
            let id = try await live.deployment(text, stack: "shop")
            _ = try await live.work("start", on: id)
            let module = whole(text.replacing("false", with: "true"))
            #expect(try await plan(live, id, ["module": module])["changes"] == 0)
            let planned = try await plan(live, id, ["module": module, "recreate": ["n"]])
            #expect(planned["steps"]?.arrayValue?.map { $0["action"] } == ["recreate", "recreate"])
        }
    }

    @Test("an image that will be built is not asked for before, and once it was, no warning says that it is not")
    func builds() async throws {
        try await LivePlane.run { live in
            let text = "services: {web: {image: 'mine:1', build: ., command: sleep 1000}}"
            let body: JSONObject = ["module": whole(text), "stack-name": "shop"]
            let refused = await live.test.failure { _ = try await plan(live, live.service, body) }
            #expect(refused.message.contains("mine:1"))
            let planned = try await plan(live, live.service, body.merging(["builds": "planned"]))
            #expect(planned["changes"] == 2 && planned["warnings"]?.arrayValue?.isEmpty != false, "\(planned)")
            let early = await live.test.failure {
                _ = try await plan(live, live.service, body.merging(["builds": "made"]))
            }
            #expect(early.message.contains("mine:1"))
            let id = try await live.deployment(text.replacing("mine", with: "busybox"), stack: "shop")
            let told = try await live.work("start", on: id, ["builds": "made"])
            #expect(told["state"] == "SUCCESS")
            #expect(told["status-message"]?.stringValue?.contains("build") == false, "\(told)")
            let later = try await live.work("update", on: id)
            #expect(later["status-message"]?.stringValue?.contains("deploy --build") == true, "\(later)")
        }
    }

    @Test("a relative path of a bind mount is refused with what to do, for it would be one of the nodes' root")
    func relativeBind() async throws {
        try await LivePlane.run { live in
            let text = "services: {web: {image: 'busybox:1', volumes: ['./html:/www']}}"
            let refused = await live.test.failure {
                _ = try await self.plan(live, live.service, ["module": self.whole(text)])
            }
            #expect(refused.code == .invalidInput && refused.message.contains("./html"))
        }
    }
}
