import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

@Suite("Ensuring one thing by its tag")
struct EnsureTests {
    private let clock = JumpingClock()
    private let machine = MachineRequest(size: "small", image: "debian-12", zone: "zone-1")
    private let tag = CloudTag(cluster: "c", token: "t", name: "prod-1")

    private var patience: CloudPatience { CloudPatience(clock: clock, ids: SequenceIDs()) }

    private func cloud(_ change: (inout SimulatedSettings) -> Void = { _ in }) -> SimulatedCloud {
        var settings = SimulatedSettings()
        change(&settings)
        return SimulatedCloud(settings, clock: clock)
    }

    @Test(
        "one fault on the way ends in one machine that is ready",
        arguments: [
            CloudFaults.Fault.slow(.seconds(40)), .rateLimited(retryAfter: .seconds(50)), .failsBefore, .cutAfter,
            .duplicated, .bootFails("no boot device"),
        ], [CloudFaults.Call.make, .resources, .resource, .remove])
    func survives(_ fault: CloudFaults.Fault, _ call: CloudFaults.Call) async throws {
        let cloud = cloud()
        await cloud.add(fault, to: call)
        let driver = SimulatedDriver(cloud)
        let ready = try await driver.ensure(.machine(machine), tag: tag, patience: patience)
        #expect(ready.state == .ready && ready.tag == tag)
        #expect(await cloud.leaks() == [.machine: 1])
        #expect(try await driver.ensure(.machine(machine), tag: tag, patience: patience).reference == ready.reference)
        try await driver.clear("c", patience: patience)
        #expect(await cloud.leaks() == [:])
    }

    @Test("what an earlier life made is found and not made again")
    func adopts() async throws {
        let cloud = cloud()
        let driver = SimulatedDriver(cloud)
        let made = try await driver.make(.machine(machine), tag: tag)
        let ready = try await driver.ensure(.machine(machine), tag: tag, patience: patience)
        #expect(ready.reference == made.reference)
        #expect(await cloud.leaks() == [.machine: 1])
    }

    @Test("a machine that is stopped is started")
    func starts() async throws {
        let cloud = cloud()
        let driver = SimulatedDriver(cloud)
        let made = try await driver.make(.machine(machine), tag: tag)
        try await driver.power(.stop, machine: made.reference)
        let ready = try await driver.ensure(.machine(machine), tag: tag, patience: patience)
        #expect(ready.reference == made.reference && ready.state == .ready)
    }

    @Test("where nothing can be started, a stopped machine is told at once and not waited for")
    func tellsOfStopped() async throws {
        let driver = StoppedDriver()
        let start = clock.now
        let error = await #expect(throws: CloudError.self) {
            try await driver.ensure(.machine(machine), tag: tag, patience: patience)
        }
        #expect(error?.code == .unsupported && error?.message.contains("'prod-1' (machine-1) is stopped") == true)
        #expect(clock.now == start)
    }

    @Test("a cloud that wants to be left alone is left alone that long")
    func honoursRetryAfter() async throws {
        let cloud = cloud()
        await cloud.add(.rateLimited(retryAfter: .seconds(200)), to: .resources)
        let start = clock.now
        _ = try await SimulatedDriver(cloud).ensure(.placement, tag: tag, patience: patience)
        #expect(clock.now - start >= .seconds(200))
    }

    @Test(
        "quota and missing capacity are the caller's to decide, at once",
        arguments: [
            (CloudFaults.Fault.quotaExceeded, CloudError.Code.quotaExceeded), (.capacityMissing, .capacityMissing),
        ])
    func leavesDecisions(_ fault: CloudFaults.Fault, _ code: CloudError.Code) async throws {
        let cloud = cloud()
        await cloud.add(fault, to: .make)
        let error = await #expect(throws: CloudError.self) {
            try await SimulatedDriver(cloud).ensure(.machine(machine), tag: tag, patience: patience)
        }
        #expect(error?.code == code)
        #expect(await cloud.count(of: .make) == 1)
        #expect(await cloud.leaks() == [:])
    }

    @Test("at the limit of its patience it says what it waited for, and what it made can be found")
    func endsAtTheLimit() async throws {
        let cloud = cloud { $0.bootTime = .seconds(3600) }
        let start = clock.now
        let error = await #expect(throws: CloudError.self) {
            try await SimulatedDriver(cloud).ensure(.machine(machine), tag: tag, patience: patience)
        }
        #expect(error?.code == .outcomeUnknown && error?.message.contains("prod-1") == true)
        #expect(clock.now - start <= .seconds(600))
        #expect(await cloud.leaks(of: "c") == [.machine: 1])
    }

    @Test("at the limit it throws what went wrong last")
    func endsWithTheReason() async throws {
        let cloud = cloud()
        await cloud.add(.failsBefore, to: .resources, times: 10_000)
        let error = await #expect(throws: CloudError.self) {
            try await SimulatedDriver(cloud).ensure(.machine(machine), tag: tag, patience: patience)
        }
        #expect(error?.code == .unavailable && error?.message == "the cloud answered 500")
    }

    @Test("its wait ends when the task is cancelled")
    func isCancelled() async throws {
        let fixed = FixedClock()
        let driver = SimulatedDriver(SimulatedCloud(clock: fixed))
        let task = Task { [machine, tag] in
            try await driver.ensure(.machine(machine), tag: tag, patience: CloudPatience(clock: fixed))
        }
        try await until("it waits for the machine") { fixed.sleeperCount == 1 }
        task.cancel()
        let error = await #expect(throws: CloudError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test("hundreds at once look at their own machine while it boots, and at the whole list only before and after")
    func asksCheaply() async throws {
        let cloud = cloud()
        let driver = SimulatedDriver(cloud)
        try await withThrowingTaskGroup(of: Void.self) { [machine, patience] group in
            for number in 1...200 {
                let tag = CloudTag(cluster: "c", token: "t\(number)", name: "n\(number)")
                group.addTask { _ = try await driver.ensure(.machine(machine), tag: tag, patience: patience) }
            }
            try await group.waitForAll()
        }
        #expect(await cloud.leaks() == [.machine: 200])
        #expect(await cloud.count(of: .resources) <= 600)
        #expect(await cloud.count(of: .make) == 200)
    }
}
