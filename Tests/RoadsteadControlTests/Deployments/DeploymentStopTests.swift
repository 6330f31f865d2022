import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct DeploymentStopTests {
    private static let text = "services: {web: {image: 'busybox:1'}}"

    private func engine<Value>(_ live: LivePlane, _ body: (EngineClient) async throws -> Value) async throws -> Value {
        let client = try EngineClient(endpoint: live.engine.endpoint, logger: Logger(label: "test"))
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func prepare(_ live: LivePlane) async throws -> ResourceID {
        let id = try await live.deployment(Self.text, stack: "shop")
        try await live.work("start", on: id)
        try await engine(live) { client in
            for (name, stack) in [("shop_data", "shop"), ("other_data", "other")] {
                _ = try await client.createVolume(
                    VolumeCreate(name: name, labels: ["com.docker.stack.namespace": stack]))
            }
        }
        return id
    }

    @Test("a stop leaves volumes and images alone unless it is asked to remove them")
    func plain() async throws {
        try await LivePlane.run { live in
            let id = try await prepare(live)
            let job = try await live.work("stop", on: id)
            #expect(job["status-message"]?.stringValue?.contains("volumes") == false)
            let names = try await engine(live) { try await $0.volumes().map(\.name) }
            #expect(Set(names) == ["shop_data", "other_data"])
            _ = try await engine(live) { try await $0.image("busybox:1") }
        }
    }

    @Test("a stop removes the stack's volumes and images from its nodes, and says what and where")
    func removes() async throws {
        try await LivePlane.run { live in
            let id = try await prepare(live)
            // By its tag, as a service that was made without a digest has it.
            let job = try await live.work("stop", on: id, ["remove-volumes": true, "remove-images": true])
            #expect(job["state"] == "SUCCESS", "\(job)")
            let message = job["status-message"]?.stringValue ?? ""
            #expect(message.contains("removed volumes: shop_data on fake"), "\(message)")
            #expect(message.contains("removed images: "), "\(message)")
            #expect(try await engine(live) { try await $0.volumes().map(\.name) } == ["other_data"])
            let deleted = live.engine.requests.filter { $0.method == "DELETE" && $0.path.hasPrefix("/images/") }
            #expect(deleted.count == 1, "\(deleted.map(\.path))")
        }
    }

    @Test("what is in use, and what is on a node out of reach, stays and is told; the stop goes well")
    func stays() async throws {
        try await LivePlane.run { live in
            let id = try await prepare(live)
            var other = try #require(try await engine(live) { try await $0.nodes().first })
            let own = other
            other.id = "other"
            other.description?.hostname = "h2"
            let nodes = [own, other]
            live.engine.setScript { request in
                if request.path == "/nodes" { return .json(nodes) }
                guard request.method == "DELETE", request.path.hasPrefix("/images") else { return nil }
                return .error(500, "image is being used by running container")
            }
            let job = try await live.work("stop", on: id, ["remove-volumes": true, "remove-images": true])
            #expect(job["state"] == "SUCCESS", "\(job)")
            let message = job["status-message"]?.stringValue ?? ""
            #expect(message.contains("on fake stays: image is being used by running container"), "\(message)")
            #expect(message.contains("what is on node h2 stays: node h2 cannot be reached"), "\(message)")
        }
    }

    @Test("an image that was pulled by its digest is removed by it")
    func local() {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        #expect(NodeCleaning.local("registry.example:5000/shop:1@\(digest)") == "registry.example:5000/shop@\(digest)")
        #expect(NodeCleaning.local("shop:1") == "shop:1")
    }
}
