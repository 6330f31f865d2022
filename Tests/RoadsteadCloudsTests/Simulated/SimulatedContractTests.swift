import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

@Suite("Cloud driver contract: the simulated cloud")
struct SimulatedContractTests {
    @Test("holds", arguments: CloudDriverContract.claims(for: .simulated))
    func simulatedHolds(_ contract: CloudDriverContract) async throws { try await contract.check(.simulated) }

    @Test("holds where machines leave slowly", arguments: CloudDriverContract.claims(for: .leavingSlowly))
    func slowHolds(_ contract: CloudDriverContract) async throws { try await contract.check(.leavingSlowly) }

    @Test("holds where there are machines only", arguments: CloudDriverContract.claims(for: .machinesOnly))
    func poorHolds(_ contract: CloudDriverContract) async throws { try await contract.check(.machinesOnly) }
}

extension CloudUnderTest {
    static let simulated = simulated("simulated")
    static let leavingSlowly = simulated("leaving slowly") { $0.removalTime = .seconds(20) }
    static let machinesOnly = simulated("machines only") { $0.features = [] }

    private static func simulated(
        _ name: String, _ change: (inout SimulatedSettings) -> Void = { _ in }
    ) -> CloudUnderTest {
        var settings = SimulatedSettings(keys: ["right": .all])
        change(&settings)
        let (fixed, zone) = (settings, settings.catalog.zones.first)
        return CloudUnderTest(name: name, features: settings.features, hasFaults: true) { body in
            let clock = JumpingClock()
            let cloud = SimulatedCloud(fixed, clock: clock)
            try await body(
                CloudSubject(
                    driver: SimulatedDriver(cloud, key: Redacted("right")),
                    stranger: SimulatedDriver(cloud, key: Redacted("wrong")),
                    machine: MachineRequest(size: "small", image: "debian-12", zone: zone),
                    patience: CloudPatience(clock: clock), inject: { await cloud.add($0, to: $1) }))
        }
    }
}
