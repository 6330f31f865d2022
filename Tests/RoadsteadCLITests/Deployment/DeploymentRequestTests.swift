import RoadsteadBasics
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

    @Test("a misspelt variable and a missing value are refused before anything is made")
    func refusals() {
        #expect(
            message { _ = try request(["PORT": "80", "TILTE": "x"]) }.contains(
                "no variable TILTE; it has PORT, TITLE, TAG"))
        #expect(message { _ = try request([:]) }.contains("--env PORT=VALUE"))
    }

    @Test(
        "the state of a deployment decides what is done with it",
        arguments: [
            ("CREATED", DeploymentWork.Move.start), ("STOPPED", .start), ("STARTED", .update), ("ERROR", .update),
        ])
    func moves(_ state: String, _ move: DeploymentWork.Move) { #expect(DeploymentWork.Move.make(state: state) == move) }

    @Test(
        "a deployment at work is left alone", arguments: ["STARTING", "UPDATING", "STOPPING", "PENDING", "SUSPENDED"])
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
    func name(_ file: String, _ name: String) { #expect(Deploy.defaultName(file) == name) }
}
