import RoadsteadBasics
import RoadsteadStore

/// A deployment at rest, of an application with a variable, on a Swarm that nobody asks.
struct DeploymentSetting: Sendable {
    let test: TestPlane
    let module: ResourceID
    let credential: ResourceID
    let deployment: ResourceID

    static func make() async throws -> DeploymentSetting {
        let test = try await TestPlane.make()
        let module = try await test.addApplication()
        let credential = try await test.addCredential(on: try await test.addService())
        return DeploymentSetting(
            test: test, module: module, credential: credential,
            deployment: try await add(to: test, module, credential))
    }

    /// Another deployment like it, of the same name.
    func another() async throws -> ResourceID { try await Self.add(to: test, module, credential) }

    private static func add(
        to test: TestPlane, _ module: ResourceID, _ credential: ResourceID
    ) async throws -> ResourceID {
        try await test.add(
            "deployment",
            ["module": ["href": .string(module.description)], "parent": .string(credential.description)])
    }

    /// A value for the application's variable, as a body says it.
    func title(_ text: String) -> JSONObject {
        ["module": ["content": ["environmental-variables": [["name": "TITLE", "value": .string(text)]]]]]
    }

    /// The value that the document has.
    var stored: String? {
        get async throws {
            let content = try await test.store.get(deployment)["module"]?["content"]
            return content?["environmental-variables"]?.arrayValue?.first?["value"]?.stringValue
        }
    }

    func set(_ state: String, services: JSONValue? = nil) async throws {
        try await test.store.write { transaction in
            _ = try transaction.modify(deployment) {
                $0["state"] = .string(state)
                $0["services"] = services
            }
        }
    }
}
