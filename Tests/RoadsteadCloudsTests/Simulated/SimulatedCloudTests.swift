import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

@Suite("The simulated cloud")
struct SimulatedCloudTests {
    private let clock = FixedClock()
    private let machine = MachineRequest(size: "small", image: "debian-12", zone: "zone-1")

    private func tag(_ token: String) -> CloudTag { CloudTag(cluster: "c", token: token, name: token) }

    @Test("a machine is pending until its boot time is over, and not a moment longer")
    func bootsOnTheClock() async throws {
        let driver = SimulatedDriver(SimulatedCloud(SimulatedSettings(bootTime: .seconds(30)), clock: clock))
        let made = try await driver.make(.machine(machine), tag: tag("a"))
        #expect(made.state == .pending && made.address == nil)
        clock.advance(by: .milliseconds(29_999))
        #expect(try await driver.resource(made.reference)?.state == .pending)
        clock.advance(by: .milliseconds(1))
        let ready = try #require(try await driver.resource(made.reference))
        #expect(ready.state == .ready && ready.address == "198.18.0.1" && ready.zone == "zone-1")
        #expect(ready.hostKeys.first?.hasPrefix("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI") == true)
    }

    @Test("the quota of a kind is kept, and frees itself when something is removed")
    func keepsQuotas() async throws {
        let driver = SimulatedDriver(SimulatedCloud(SimulatedSettings(quotas: [.machine: 2]), clock: clock))
        let first = try await driver.make(.machine(machine), tag: tag("a"))
        _ = try await driver.make(.machine(machine), tag: tag("b"))
        let error = await #expect(throws: CloudError.self) { try await driver.make(.machine(machine), tag: tag("c")) }
        #expect(error?.code == .quotaExceeded)
        try await driver.remove(first.reference)
        _ = try await driver.make(.machine(machine), tag: tag("c"))
    }

    @Test("a full zone has no capacity, and another one has")
    func keepsCapacity() async throws {
        let driver = SimulatedDriver(SimulatedCloud(SimulatedSettings(capacity: ["zone-1": 1]), clock: clock))
        _ = try await driver.make(.machine(machine), tag: tag("a"))
        let error = await #expect(throws: CloudError.self) { try await driver.make(.machine(machine), tag: tag("b")) }
        #expect(error?.code == .capacityMissing && error?.message.contains("zone-1") == true)
        var elsewhere = machine
        elsewhere.zone = "zone-2"
        _ = try await driver.make(.machine(elsewhere), tag: tag("b"))
    }

    @Test("a key that may only read reads, and is forbidden to change anything")
    func keepsRights() async throws {
        let cloud = SimulatedCloud(SimulatedSettings(keys: ["reader": .reading]), clock: clock)
        let driver = SimulatedDriver(cloud, key: Redacted("reader"))
        try await driver.check()
        let error = await #expect(throws: CloudError.self) { try await driver.make(.machine(machine), tag: tag("a")) }
        #expect(error?.code == .forbidden)
        #expect(await cloud.leaks() == [:])
    }

    @Test("leaks are counted past the API, by cluster, and while things are on their way out")
    func countsLeaks() async throws {
        let cloud = SimulatedCloud(SimulatedSettings(removalTime: .seconds(10)), clock: clock)
        let driver = SimulatedDriver(cloud)
        let made = try await driver.make(.machine(machine), tag: tag("a"))
        _ = try await driver.make(.placement, tag: CloudTag(cluster: "d", token: "a", name: "a"))
        #expect(await cloud.leaks(of: "c") == [.machine: 1])
        #expect(await cloud.leaks() == [.machine: 1, .placement: 1])
        try await driver.remove(made.reference)
        #expect(await cloud.leaks(of: "c") == [.machine: 1])
        #expect(try await driver.resource(made.reference)?.state == .removing)
        clock.advance(by: .seconds(10))
        #expect(await cloud.leaks(of: "c") == [:])
    }

    @Test("a call that goes wrong takes one fault, and the one after it goes well")
    func takesFaultsInOrder() async throws {
        let cloud = SimulatedCloud(clock: clock)
        let driver = SimulatedDriver(cloud)
        await cloud.add(.failsBefore, to: .check)
        await cloud.add(.rateLimited(retryAfter: .seconds(3)), to: .check)
        let first = await #expect(throws: CloudError.self) { try await driver.check() }
        let second = await #expect(throws: CloudError.self) { try await driver.check() }
        #expect(first?.code == .unavailable && second?.retryAfter == .seconds(3))
        try await driver.check()
        #expect(await cloud.count(of: .check) == 3)
    }

    @Test("a machine that was stopped boots again on the clock when it is started")
    func startsOnTheClock() async throws {
        let driver = SimulatedDriver(SimulatedCloud(SimulatedSettings(bootTime: .seconds(30)), clock: clock))
        let made = try await driver.make(.machine(machine), tag: tag("a")).reference
        clock.advance(by: .seconds(30))
        try await driver.power(.stop, machine: made)
        #expect(try await driver.resource(made)?.state == .stopped)
        try await driver.power(.start, machine: made)
        #expect(try await driver.resource(made)?.state == .pending)
        clock.advance(by: .seconds(30))
        #expect(try await driver.resource(made)?.state == .ready)
    }
}
