import DockerAPI
import DockerClient
import Logging
import RoadsteadTestKit
import Testing

@Suite("Version negotiation")
struct NegotiationTests {
    @Test("asks once, and every call names the version") func asksOnce() async throws {
        try await FakeEngine.withClient { client, engine in
            _ = try await client.nodes()
            _ = try await client.services()
            #expect(engine.requests.map(\.path) == ["/_ping", "/nodes", "/services"])
            #expect(engine.requests.map(\.version) == [nil, "1.41", "1.41"])
        }
    }

    @Test("an engine that refuses everything below 1.44 is served", arguments: ["1.44", "1.48", "1.52"])
    func newEngine(newest: String) async throws {
        let swarm = FakeSwarm(apiVersion: newest, minimumVersion: "1.44")
        try await FakeEngine.withClient(swarm: swarm) { client, engine in
            _ = try await client.services()
            #expect(engine.requests.last?.version == min(newest, "1.52"))
        }
    }

    @Test("an engine older than 1.41 is refused with both numbers") func oldEngine() async throws {
        try await FakeEngine.withClient(swarm: FakeSwarm(apiVersion: "1.40")) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .versionUnsupported)
            #expect(error?.message.contains("1.40") == true && error?.message.contains("1.41") == true)
        }
    }

    @Test("an engine whose oldest version is above our newest is refused with both numbers") func farEngine()
        async throws
    {
        let swarm = FakeSwarm(apiVersion: "1.70", minimumVersion: "1.60")
        try await FakeEngine.withClient(swarm: swarm) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .versionUnsupported)
            #expect(error?.message.contains("1.52") == true && error?.message.contains("1.60") == true)
        }
    }

    @Test("after a version was refused it is asked for again: the engine may have been replaced") func renegotiates()
        async throws
    {
        try await FakeEngine.withClient(swarm: FakeSwarm(apiVersion: "1.41")) { client, engine in
            _ = try await client.nodes()
            let newer = FakeSwarm(apiVersion: "1.52", minimumVersion: "1.44")
            engine.setScript { newer.reply(to: $0) }
            let error = await #expect(throws: EngineError.self) { try await client.nodes() }
            #expect(error?.kind == .versionUnsupported)
            _ = try await client.nodes()
            #expect(engine.requests.last?.version == "1.52")
        }
    }

    @Test("a peer that is no Docker engine is told as such") func noEngine() async throws {
        let script: FakeEngine.Script = { _ in
            .whole(status: 200, headers: [("Api-Version", "")], body: Array("hi".utf8))
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .versionUnsupported)
        }
        try await FakeEngine.withClient(script: { _ in .raw(Array("SSH-2.0-OpenSSH\r\n".utf8)) }) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .protocolViolation, "\(String(describing: error))")
        }
    }

    @Test(
        "engines before 1.44 are told to look for a network of the name, later ones are not",
        arguments: ["1.41", "1.43", "1.44", "1.52"])
    func checkDuplicate(version: String) async throws {
        try await FakeEngine.withClient(swarm: FakeSwarm(apiVersion: version)) { client, engine in
            _ = try await client.createNetwork(NetworkCreate(name: "n", driver: "overlay"))
            let body = try #require(engine.requests.last?.decode(NetworkCreate.self))
            #expect(body.checkDuplicate == (version < "1.44" ? true : nil))
        }
    }
}
