import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct DeploymentRequestTests {
    private func request(_ values: [String: String]) throws -> DeploymentRequest {
        let module = document(
            """
            {"id":"module/1","content":{"docker-compose":"services: {a: {image: \\"x:$TAG\\"}}","environmental-variables":[
              {"name":"PORT","required":true},{"name":"TITLE","value":"hello"}]}}
            """)
        let target = DeployTarget(
            service: ["id": "infrastructure-service/1"], credential: try #require(ResourceID("credential/1")))
        return try DeploymentRequest(
            name: "shop", version: .init(module: module, reference: "module/1_2", isNew: false), target: target,
            values: values)
    }

    @Test("values go to the variables that the application has, declared or only used")
    func values() throws {
        #expect(
            try request(["PORT": "80", "TAG": "1.2"]).module == [
                "href": "module/1_2",
                "content": [
                    "environmental-variables": [
                        ["name": "PORT", "required": true, "value": "80"], ["name": "TITLE", "value": "hello"],
                        ["name": "TAG", "value": "1.2"],
                    ]
                ],
            ])
    }

    @Test("registry accounts that are named stand in the places of the application's registries, others behind them")
    func registries() throws {
        let module = document(
            """
            {"id":"module/1","content":{"docker-compose":"services: {a: {image: x}}","private-registries":
              ["infrastructure-service/a","infrastructure-service/b"]}}
            """)
        let choice = { (service: String, credential: String) in
            RegistryChoice(
                service: try #require(ResourceID("infrastructure-service/" + service)),
                credential: try #require(ResourceID("credential/" + credential)))
        }
        var request = try DeploymentRequest(
            name: "shop", version: .init(module: module, reference: "module/1_2", isNew: false),
            target: DeployTarget(
                service: ["id": "infrastructure-service/1"], credential: try #require(ResourceID("credential/1"))),
            values: [:])
        #expect(request.content["registries-credentials"] == nil && request.content["parent"] == "credential/1")
        request.registries = [try choice("c", "3"), try choice("b", "2")]
        #expect(request.content["registries-credentials"] == ["", "credential/2", "credential/3"])
    }

    @Test("a misspelt variable and a missing value are refused before anything is made")
    func refusals() {
        #expect(
            message { _ = try request(["PORT": "80", "TILTE": "x"]) }.contains(
                "no variable TILTE; it has PORT, TITLE, TAG"))
        #expect(message { _ = try request([:]) }.contains("--env PORT=VALUE"))
    }

    @Test("a plan takes the text along, for nothing of it is at the server")
    func wholeModule() throws {
        let content = try request(["PORT": "80", "TAG": "1.2"]).wholeModule["content"]
        #expect(content?["docker-compose"]?.stringValue?.contains("$TAG") == true)
        #expect(content?["environmental-variables"]?.arrayValue?.count == 3)
    }

    @Test("a person is asked before something is taken away, not before something is added")
    func approval() {
        func isNeeded(_ step: JSONObject) -> Bool { PlanApproval.isNeeded(["steps": [.object(step)]]) }
        #expect(!isNeeded(["action": "create"]) && !isNeeded(["action": "update"]))
        #expect(isNeeded(["action": "remove"]) && isNeeded(["action": "recreate"]))
        #expect(isNeeded(["action": "update", "rolls": true]))
    }

    @Test("another plan than the one that was approved is refused, the same one goes on without a question")
    func approvedPlan() async throws {
        let plan: JSONObject = ["plan-id": "aa", "steps": [["action": "remove"]]]
        try await PlanApproval.get(plan, for: "aa", .standard)
        let refused = await #expect(throws: RoadsteadError.self) {
            try await PlanApproval.get(plan, for: "bb", .standard)
        }
        #expect(refused?.code == .conflict)
    }

    @Test("a first plan asks the server for it and adds nothing there")
    func firstPlan() async throws {
        let plan = #"{"stack":"shop","changes":1,"steps":[]}"#
        try await ScriptedServer.with([
            "POST /api/infrastructure-service/1/stacks": [.json(#"{"stacks":[{"name":"other"}]}"#)],
            "POST /api/infrastructure-service/1/plan": [.json(plan)],
        ]) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, options: ClientOptions(), clock: SkippingClock())
            let target = DeployTarget(
                service: ["id": "infrastructure-service/1"], credential: try #require(ResourceID("credential/1")))
            let module = document(#"{"content":{"docker-compose":"services: {a: {image: x}}"}}"#)
            var request = try DeploymentRequest(
                name: "shop", version: .init(module: module, reference: "", isNew: true), target: target, values: [:])
            (request.wishedStackName, request.profiles) = ("shop", ["p"])
            #expect(try await DeploymentWork(client: client, request: request).plan()["changes"] == 1)
            await client.shutdown()
            let body = document(server.requests.last?.body ?? "")
            #expect(body["stack-name"] == "shop" && body["profiles"] == ["p"] && body["module"]?["href"] == nil)
            #expect(server.requests.count == 2)
        }
    }

    @Test(
        "the state of a deployment decides what is done with it",
        arguments: [
            ("CREATED", DeploymentWork.Move.start), ("STOPPED", .start), ("STARTED", .update), ("ERROR", .update),
            ("UPDATING", .update),
        ])
    func moves(_ state: String, _ move: DeploymentWork.Move) { #expect(DeploymentWork.Move.make(state: state) == move) }

    @Test("a deployment on its way down is left alone", arguments: ["STOPPING", "SUSPENDED"])
    func busy(_ state: String) {
        guard case .refused = DeploymentWork.Move.make(state: state) else {
            Issue.record("\(state) is not refused")
            return
        }
    }

    @Test("a valid credential is taken before an unchecked one, before an invalid one")
    func credential() {
        func swarm(_ status: String?) -> JSONObject {
            var object: JSONObject = ["subtype": "infrastructure-service-swarm"]
            object["status"] = status.map(JSONValue.string)
            return object
        }
        #expect(DeployTarget.choose([swarm("INVALID"), swarm(nil), swarm("VALID")])?["status"] == "VALID")
        #expect(DeployTarget.choose([swarm("INVALID"), swarm(nil)])?["status"] == nil)
        #expect(DeployTarget.choose([["subtype": "swarm-token"]]) == nil)
    }

    @Test(
        "a deployment of a file is named after its folder",
        arguments: [("/srv/Shop App/compose.yml", "Shop-App"), ("/srv/a/../b/c.yml", "b")])
    func name(_ file: String, _ name: String) { #expect(ComposeFolder.name(of: file) == name) }
}
