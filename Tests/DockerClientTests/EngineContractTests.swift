import DockerClient
import Foundation
import Logging
import RoadsteadTestKit
import Testing

/// The fake held to the contract that real engines are held to (LabTests run the same checks against those).
@Suite("Engine contract: the fake engine")
struct EngineContractTests {
    @Test("holds", arguments: EngineContract.all)
    func fakeHolds(_ check: EngineContract) async throws {
        try await FakeEngine.withClient { client, _ in
            try await check.run(EngineContract.Subject(client: client, image: "busybox:1"))
        }
    }

    @Test("holds for an engine of a newer API", arguments: EngineContract.all)
    func newerFakeHolds(_ check: EngineContract) async throws {
        let swarm = FakeSwarm(apiVersion: "1.52", minimumVersion: "1.44")
        try await FakeEngine.withClient(swarm: swarm) { client, _ in
            try await check.run(EngineContract.Subject(client: client, image: "busybox:1"))
        }
    }
}

@Suite("Swarm contract: fake engines")
struct SwarmContractTests {
    @Test("holds", arguments: SwarmContract.all)
    func fakesHold(_ check: SwarmContract) async throws {
        let addresses = FakeAddresses()
        let (first, second) = (FakeMember("10.0.0.1", among: addresses), FakeMember("10.0.0.2", among: addresses))
        try await FakeEngine.withClient(script: first.reply) { one, _ in
            try await FakeEngine.withClient(script: second.reply) { two, _ in
                try await check.run(
                    SwarmContract.Subject(
                        .init(client: one, address: first.address), .init(client: two, address: second.address)))
            }
        }
    }
}
