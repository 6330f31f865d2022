import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

@Suite("Clearing a cluster", .timeLimit(.minutes(1)))
struct ClearTests {
    private let patience = CloudPatience(clock: JumpingClock(), ids: SequenceIDs())

    private func driver(machines: Int, cloud: SimulatedCloud) async throws -> MeetingDriver {
        let driver = SimulatedDriver(cloud)
        for number in 1...machines {
            let tag = CloudTag(cluster: "c", token: "\(number)", name: "prod-\(number)")
            _ = try await driver.make(.machine(MachineRequest(size: "small", image: "debian-12")), tag: tag)
        }
        return MeetingDriver(driver)
    }

    @Test("sixteen machines are removed at the same time, and never more")
    func isConcurrent() async throws {
        let cloud = SimulatedCloud()
        let driver = try await driver(machines: 48, cloud: cloud)
        try await driver.clear("c", patience: patience)
        #expect(await cloud.leaks() == [:])
        #expect(await driver.meeting.most == 16)
    }

    @Test("one that cannot be removed keeps no other, and its reason is thrown")
    func goesOn() async throws {
        let cloud = SimulatedCloud(SimulatedSettings(keys: ["simulated": .all]))
        let driver = try await driver(machines: 16, cloud: cloud)
        await driver.meeting.forbid("machine-3")
        let error = await #expect(throws: CloudError.self) { try await driver.clear("c", patience: patience) }
        #expect(error?.code == .forbidden && error?.message == "machine-3 is kept")
        #expect(await cloud.leaks() == [.machine: 1])
    }
}

/// A driver whose removals wait until sixteen of them are under way.
private struct MeetingDriver: WrappedDriver {
    let inner: SimulatedDriver
    let meeting = Meeting()

    init(_ inner: SimulatedDriver) { self.inner = inner }

    func remove(_ reference: CloudReference) async throws(CloudError) {
        let mayGo = await meeting.enter(reference.id)
        var failure: CloudError?
        do {
            if mayGo { try await inner.remove(reference) }
        } catch { failure = error }
        await meeting.leave()
        if let failure { throw failure }
        if !mayGo { throw CloudError(.forbidden, "\(reference.id) is kept") }
    }
}

private actor Meeting {
    /// How many were under way at the same time.
    private(set) var most = 0
    private var inside = 0
    private var entered = 0
    private var forbidden: Set<String> = []
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func forbid(_ id: String) { forbidden.insert(id) }

    func enter(_ id: String) async -> Bool {
        inside += 1
        entered += 1
        most = max(most, inside)
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            guard waiting.count == 16 || entered % 48 == 0 else { return }
            // Not at once: a seventeenth would be seen.
            Task { await release() }
        }
        return !forbidden.contains(id)
    }

    private func release() async {
        for _ in 0..<500 { await Task.yield() }
        for one in waiting { one.resume() }
        waiting = []
    }

    func leave() { inside -= 1 }
}
