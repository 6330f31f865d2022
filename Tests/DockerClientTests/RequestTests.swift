import DockerAPI
import Foundation
import Logging
import NIOCore
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import DockerClient

private let digest = "sha256:" + String(repeating: "0", count: 64)

@Suite("Requests")
struct RequestTests {
    @Test("ids and names cannot reach another route") func escaping() {
        let evil = "x/../../swarm/leave?force=1#\r\nHost: y"
        let path: EnginePath = "/services/\(evil)/logs"
        #expect(path.description == "/services/x%2F..%2F..%2Fswarm%2Fleave%3Fforce%3D1%23%0D%0AHost%3A%20y/logs")
        let name: EnginePath = "/images/\(name: "host:5000/a/b@sha256:0?x")/json"
        #expect(name.description == "/images/host:5000/a/b@sha256:0%3Fx/json")
    }

    @Test("an empty id is refused before it becomes another route", arguments: ["", ".", ".."])
    func gap(id: String) async throws {
        try await FakeEngine.withClient { client, engine in
            let error = await #expect(throws: EngineError.self) { try await client.removeService(id) }
            #expect(error?.kind == .invalidInput)
            let other = await #expect(throws: EngineError.self) { try await client.image("a/\(id)/b") }
            #expect(other?.kind == .invalidInput)
            #expect(engine.requests.isEmpty)
        }
    }

    @Test("a name with odd characters arrives as it is") func roundTrip() async throws {
        try await FakeEngine.withClient { client, engine in
            let name = "a b+c%2F/ü?&=#"
            _ = await #expect(throws: EngineError.self) { try await client.service(name) }
            #expect(engine.requests.last?.path == "/services/" + name)
            _ = try await client.services(["label": ["k=v \"&+ü"], "name": ["b", "a"]])
            #expect(engine.requests.last?.filters["label"] == ["k=v \"&+ü"])
            #expect(Set(engine.requests.last?.filters["name"] ?? []) == ["a", "b"])
        }
    }

    @Test("an update names version, place of the registry credential and rollback") func update() async throws {
        try await FakeEngine.withClient { client, engine in
            let spec = ServiceSpec(name: "web")
            let id = try await client.createService(spec).id
            let version = try await client.service(id).version
            _ = try await client.updateService(id, version: version, spec)
            #expect(engine.requests.last?.query == ["version": String(version.index), "registryAuthFrom": "spec"])
            let auth = RegistryAuth(username: "u", password: Redacted("p"))
            let next = try await client.service(id).version
            _ = try await client.updateService(id, version: next, spec, registryAuth: auth, rollback: true)
            #expect(engine.requests.last?.query == ["version": String(next.index), "rollback": "previous"])
            #expect(engine.requests.last?.headers["x-registry-auth"] != nil)
        }
    }

    @Test("a registry credential is JSON in base64 for URLs") func registryAuth() throws {
        let auth = RegistryAuth(username: "lab", password: Redacted("p?>~ÿ"), serverAddress: "reg:5000")
        let value = try auth.headerValue()
        #expect(!value.contains("+") && !value.contains("/"))
        let base64 = value.replacing("-", with: "+").replacing("_", with: "/")
        let data = try #require(Data(base64Encoded: base64))
        let json = try JSONValue.parse(Array(data))
        #expect(json == ["username": "lab", "password": "p?>~ÿ", "serveraddress": "reg:5000"])
        #expect(!"\(auth)".contains("p?>~ÿ"))
    }

    @Test(
        "images' names are taken apart",
        arguments: [
            ("busybox", "busybox", "latest"), ("busybox:1", "busybox", "1"), ("h:5000/a/b", "h:5000/a/b", "latest"),
            ("h:5000/a/b:2", "h:5000/a/b", "2"), ("a@\(digest)", "a", digest),
            ("h:1/a:2@\(digest)", "h:1/a", digest),
        ])
    func references(name: String, repository: String, selector: String) throws {
        let reference = try #require(ImageReference(name))
        #expect(reference.repository == repository && reference.selector == selector)
    }

    @Test("moments in queries are seconds with a fraction") func seconds() {
        #expect(EngineClient.seconds(Instant(millisecondsSinceEpoch: 1_700_000_000_007)) == "1700000000.007")
        #expect(EngineClient.seconds(Instant(millisecondsSinceEpoch: -5)) == "0.000")
    }

    @Test("an image is imported from a stream and pulled, and a missing one is not found") func images() async throws {
        try await FakeEngine.withClient { client, engine in
            let tar = AsyncStream<ByteBuffer> { stream in
                for _ in 0..<50 { stream.yield(ByteBuffer(repeating: 7, count: 4096)) }
                stream.finish()
            }
            try await client.importImage(
                AnyByteSource(tar), as: "reg:5000/mine:3", changes: ["CMD [\"sh\"]", "ENV A=1"])
            #expect(engine.requests.last?.body.count == 50 * 4096)
            #expect(try await client.image("reg:5000/mine:3").repoTags == ["reg:5000/mine:3"])
            try await client.pull("reg:5000/mine:3")
            let error = await #expect(throws: EngineError.self) { try await client.pull("reg:5000/none") }
            #expect(error?.isNotFound == true)
            #expect(try await client.distribution("busybox:1").descriptor.digest.hasPrefix("sha256:"))
        }
    }

    @Test("a failure in the middle of a pull is an error") func failedPull() async throws {
        let line =
            "{\"status\":\"Pulling\"}\r\n{\"errorDetail\":{\"message\":\"no space left on device\"},\"error\":\"x\"}\r\n"
        let script: FakeEngine.Script = { request in
            request.path == "/images/create" ? .whole(status: 200, headers: [], body: Array(line.utf8)) : nil
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.pull("busybox:1") }
            #expect(error?.message == "pull of 'busybox:1': no space left on device")
        }
    }
}
