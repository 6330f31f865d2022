import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// The way from the target's engine to that of another node of the same Swarm: an address of this machine each.
@Suite struct NodeReachTests {
    /// The first engine knows a second node at that address.
    private func reach(
        _ address: String, _ body: @escaping @Sendable (FakeEngine, NodeReach) async throws -> Void
    ) async throws {
        try await FakeEngine.withClient(.tcp) { client, engine in
            let own = try #require(try await client.nodes().first)
            var other = own
            other.id = "other"
            other.description?.hostname = "h2"
            other.status?.addr = address
            let nodes = [own, other]
            engine.setScript { $0.path == "/nodes" ? .json(nodes) : nil }
            try await body(engine, try await NodeReach(client: client, logger: Logger(label: "test")))
        }
    }

    private func failure(_ body: () async throws -> Void) async -> RoadsteadError? {
        do { try await body() } catch { return error as? RoadsteadError }
        return nil
    }

    @Test("a node's own engine is found at its address, at the target's port")
    func found() async throws {
        try await reach("127.0.0.2") { engine, reach in
            try await FakeEngine.with(.address("127.0.0.2", port: engine.port)) { second in
                second.setScript { request in
                    guard request.path == "/info" else { return nil }
                    var (info, swarm) = (EngineInfo(), SwarmInfo())
                    swarm.nodeID = "other"
                    info.swarm = swarm
                    return .json(info)
                }
                let found = try await reach.engine(of: "other")
                #expect(!found.isOwn && found.client.endpoint == second.endpoint)
                await found.client.shutdown()
                let own = try await reach.engine(of: try #require(reach.ids.first { $0 != "other" }))
                #expect(own.isOwn)
            }
        }
    }

    @Test("another engine at the node's address is refused, so that no command goes to the wrong place")
    func another() async throws {
        try await reach("127.0.0.2") { engine, reach in
            try await FakeEngine.with(.address("127.0.0.2", port: engine.port)) { _ in
                let error = await failure { _ = try await reach.engine(of: "other") }
                #expect(error?.code == .unavailable && error?.context["node"] == "h2")
                #expect(error?.message.contains("another engine answers at tcp://127.0.0.2") == true, "\(error as Any)")
            }
        }
    }

    @Test("a node that does not answer, or has no address, is refused with its name and what it needs")
    func unreachable() async throws {
        for (address, why) in [("127.0.0.3", "refused"), ("", "has no address")] {
            try await reach(address) { _, reach in
                let error = await failure { _ = try await reach.engine(of: "other") }
                #expect(error?.code == .unavailable)
                #expect(error?.message.hasPrefix("node h2 cannot be reached") == true)
                #expect(error?.message.contains(why) == true, "\(error as Any)")
                #expect(error?.message.contains("same port and with the same certificates") == true)
            }
        }
    }

    @Test("a socket leads to its own engine alone")
    func socket() async throws {
        try await FakeEngine.withClient { client, _ in
            let reach = try await NodeReach(client: client, logger: Logger(label: "test"))
            let error = await failure { _ = try await reach.engine(of: "other") }
            #expect(error?.code == .unavailable && error?.message.contains("unix://") == true, "\(error as Any)")
        }
    }
}
