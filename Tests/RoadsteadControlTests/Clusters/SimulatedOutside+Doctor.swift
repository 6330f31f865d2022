import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadTestKit

@testable import RoadsteadControl

extension SimulatedHosts {
    func examine(_ machine: String, authority: String?) async throws -> DoctorHost {
        _ = try await arrive(machine, isFresh: false)
        var host = DoctorHost()
        (host.disk, host.memory) = (.init(free: 40_000_000_000, total: 50_000_000_000), .init(free: 5, total: 10))
        (host.clockAhead, host.isNameFound, host.loggingDriver, host.hasLogLimit) = (0, true, "json-file", true)
        (host.forwardsPackets, host.machineID, host.address) = (true, machine, try await login(machine).address.host)
        host.certificate = world.value.engines[host.address ?? ""].flatMap {
            DoctorHost.Certificate(pem: $0, authority: authority)
        }
        return host
    }

    func ways(_ nodes: [NodePlace]) async throws -> DoctorWays { DoctorWays(mtu: 1500) }

    func tryOverlay(of machines: [String], at manager: String) async throws -> DoctorOverlay {
        DoctorOverlay(machines: machines)
    }
}

extension SimulatedSwarm {
    func version(_ engine: String) async throws -> String {
        let world = world.value
        guard world.engines[engine] != nil, !world.down.contains(engine) else {
            throw RoadsteadError(.unavailable, "no engine at \(engine)")
        }
        return world.engineVersion
    }

    func examine(through managers: [String]) async throws -> DoctorSwarm {
        _ = try await nodes(through: managers)
        return DoctorSwarm(
            isAutolocked: false, authorityExpiry: SystemClock().now + .seconds(3650 * 86_400),
            services: [.init("web", desired: 2, running: 2)])
    }
}
