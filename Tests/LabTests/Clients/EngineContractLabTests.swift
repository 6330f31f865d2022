import DockerClient
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// The contract that FakeEngine keeps, held against real engines: Debian 12's (API 1.41) and Debian 13's (API 1.45),
/// each alone in a Swarm, so that the image is where the tasks go.
@Suite("The engine contract on real engines", .serialized)
struct EngineContractLabTests {
    @Test("every check of the contract passes", arguments: ["old1", "new1"], EngineContract.all)
    func holds(host: String, check: EngineContract) async throws {
        let lab = try LabHosts.required()
        let registry = try lab.registry()
        let image = registry.image("busybox:1")
        try await lab.withEngine(host) { client in
            try await client.pull(image, auth: registry.auth)
            try await check.run(EngineContract.Subject(client: client, image: image))
        }
    }

    @Test("the newer engine is spoken to in its own version, the older in 1.41")
    func versions() async throws {
        let lab = try LabHosts.required()
        let old = try await lab.withEngine("old1") { try await $0.apiVersion() }
        let new = try await lab.withEngine("new1") { try await $0.apiVersion() }
        #expect(old.description == "1.41")
        #expect(new > old)
    }
}
