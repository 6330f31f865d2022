import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite("Waiting for a host")
struct HostArrivalTests {
    private func error(_ code: RemoteHostError.Code) -> RemoteHostError {
        RemoteHostError(code, "no", host: "10.0.0.1:22")
    }

    /// How often a host is tried that fails with `codes`, one after the other, and with what it ended.
    private func tries(
        _ patience: HostPatience, _ codes: [RemoteHostError.Code]
    ) async throws -> (count: Int, end: RemoteHostError.Code?, waited: Duration) {
        let (clock, count) = (JumpingClock(), Shared(0))
        let arrival = HostArrival(patience: patience, clock: clock)
        let start = clock.now
        do {
            try await arrival.patiently { () throws(RemoteHostError) in
                let number = count.change {
                    $0 += 1; return $0
                }
                if number <= codes.count { throw error(codes[number - 1]) }
            }
            return (count.value, nil, clock.now - start)
        } catch let error as RemoteHostError { return (count.value, error.code, clock.now - start) }
    }

    @Test("A machine that boots is tried until it lets us in")
    func boots() async throws {
        let result = try await tries(HostPatience(), [.noRoute, .connectTimedOut, .refused, .closedEarly])
        #expect(result.count == 5 && result.end == nil)
    }

    @Test("What waiting does not help against ends it at once")
    func final() async throws {
        for code in [RemoteHostError.Code.hostKeyChanged, .permissionDenied, .keyUnusable, .sudoRefused] {
            let result = try await tries(HostPatience(), [.refused, code])
            #expect(result.count == 2 && result.end == code)
        }
    }

    @Test("A refused key is final only after the grace that a new machine gets")
    func newMachine() async throws {
        let patience = HostPatience(keyGrace: .seconds(30))
        #expect(try await tries(patience, [.refused, .permissionDenied]).end == nil)
        let stubborn = try await tries(patience, Array(repeating: .permissionDenied, count: 1000))
        #expect(stubborn.end == .permissionDenied && stubborn.waited == .seconds(30))
    }

    @Test("A host that never answers is given up at the limit")
    func limit() async throws {
        let result = try await tries(HostPatience(limit: .seconds(60)), Array(repeating: .refused, count: 1000))
        #expect(result.end == .refused && result.waited == .seconds(60))
    }

    @Test("All that ask for a machine at the same time share one host, and a failed login is asked for again")
    func hosts() async throws {
        let asked = Shared<[String]>([])
        let hosts = ClusterHosts { machine in
            let number = asked.change {
                $0.append(machine); return $0.count
            }
            if number == 1 { throw RoadsteadError(.notFound, "no machine \(machine)") }
            return try HostLogin(
                address: try HostAddress("10.0.0.1"), trust: .firstContact,
                authentication: .agent(socket: "/nowhere"))
        }
        await #expect(throws: RoadsteadError.self) { try await hosts.host("prod-1") }
        async let first = hosts.host("prod-1")
        async let second = hosts.host("prod-1")
        #expect(try await first === second)
        #expect(asked.value == ["prod-1", "prod-1"])
        await hosts.close()
        await #expect(throws: CancellationError.self) { try await hosts.host("prod-1") }
    }
}
