import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

/// Random faults of every kind, on every call, in any order: whatever happens on the way, the end is the same.
@Suite("Ensuring under random faults")
struct EnsurePropertyTests {
    @Test("exactly one thing by its token, and nothing left once it is cleared", arguments: 1...300)
    func endsTheSame(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let clock = JumpingClock()
        let settings = SimulatedSettings(removalTime: Bool.random(using: &random) ? .seconds(20) : .zero)
        let cloud = SimulatedCloud(settings, clock: clock)
        let driver = SimulatedDriver(cloud)
        let patience = CloudPatience(clock: clock, ids: SequenceIDs(seed: UInt64(seed)))
        _ = try await driver.make(.machine(Self.machine), tag: CloudTag(cluster: "other", token: "t", name: "o"))

        await cloud.add(Self.faults(&random))
        let tag = CloudTag(cluster: "c", token: "t", name: "n")
        let request = CloudRequest.machine(Self.machine)
        let ready = try await Self.insist { try await driver.ensure(request, tag: tag, patience: patience) }
        #expect(ready.state == .ready)
        await cloud.heal()
        let left = try await driver.resources(of: "c").filter { $0.state != .removing }
        #expect(left.map(\.reference) == [ready.reference])

        await cloud.add(Self.faults(&random))
        try await Self.insist { try await driver.clear("c", patience: patience) }
        #expect(await cloud.leaks(of: "c") == [:])
        #expect(await cloud.leaks(of: "other") == [.machine: 1])
    }

    private static let machine = MachineRequest(size: "small", image: "debian-12", zone: "zone-1")

    /// As the steps of a job do: the same call again, as after a crash or a decision.
    private static func insist<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<50 { if let value = try? await body() { return value } }
        return try await body()
    }

    private static func faults(_ random: inout SeededRandom) -> [(CloudFaults.Fault, CloudFaults.Call)] {
        let kinds: [CloudFaults.Fault] = [
            .slow(.seconds(5)), .rateLimited(retryAfter: .seconds(9)), .failsBefore, .cutAfter, .duplicated,
            .quotaExceeded, .capacityMissing, .bootFails("no boot device"),
        ]
        let calls: [CloudFaults.Call] = [.make, .make, .resources, .resource, .remove]
        return (0..<Int.random(in: 0...14, using: &random)).map { _ in
            (kinds[Int.random(in: kinds.indices, using: &random)], calls[Int.random(in: calls.indices, using: &random)])
        }
    }
}
