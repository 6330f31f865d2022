import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadModel

extension EngineWork {
    func version(_ engine: String) async throws -> String {
        try await swarm.at(engine, doing: "ask the engine at \(engine)") { try await $0.info().serverVersion ?? "?" }
    }

    func examine(through managers: [String]) async throws -> DoctorSwarm {
        try await swarm.asking(managers, doing: "look at the Swarm") { client in
            let whole = try await client.swarm()
            let services = try await client.services(status: true).compactMap { service -> DoctorSwarm.Service? in
                // Jobs have come to their end, or will.
                guard let name = service.spec.name, service.jobStatus == nil, let status = service.serviceStatus else {
                    return nil
                }
                return .init(name, desired: Int(status.desiredTasks ?? 0), running: Int(status.runningTasks ?? 0))
            }
            return DoctorSwarm(
                isAutolocked: whole.spec.map { $0.encryption?.autoLockManagers ?? false },
                authorityExpiry: DoctorSwarm.expiry(ofAuthority: whole.tlsInfo?.trustRoot),
                isRotating: whole.rootRotationInProgress ?? false, services: services)
        }
    }
}

extension DoctorNode {
    init(_ node: SwarmNode) {
        let role = node.spec.role.flatMap(MachineRole.init(rawValue:)) ?? .worker
        self.init(
            id: node.id, hostName: node.description?.hostname ?? node.id, role: role,
            state: node.status?.state ?? "unknown", availability: node.spec.availability ?? "active",
            // One that leads is reachable; what knows no managers' states tells that of nodes.
            isReachableManager: node.managerStatus.map { $0.reachability == "reachable" }
                ?? (node.status?.state == "ready"),
            engineVersion: node.description?.engine?.engineVersion)
    }
}
