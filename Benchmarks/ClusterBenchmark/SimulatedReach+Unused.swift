import DockerAPI
import RemoteHosts
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// What creating and terminating does not ask for.
private var unused: RoadsteadError { RoadsteadError(.unsupported, "simulated machines are made and removed only") }

extension SimulatedHosts {
    func look(_ machine: String) async throws -> HostFacts { throw unused }
    func shownKeys(_ machine: String) async throws -> [String] { throw unused }
    func examine(_ machine: String, authority: String?) async throws -> DoctorHost { throw unused }
    func ways(_ nodes: [NodePlace]) async throws -> DoctorWays { throw unused }
    func tryOverlay(of machines: [String], at manager: String) async throws -> DoctorOverlay { throw unused }
    func fetchEngine(_ machine: String, _ wishes: EngineWishes) async throws -> EngineFetch { throw unused }

    func changeEngine(_ machine: String, _ wishes: EngineWishes, isOfPackages: Bool) async throws -> HostFacts {
        throw unused
    }
}

extension SimulatedSwarm {
    func unlock(_ engine: String, key: Redacted<String>) async throws -> Bool { false }
    func version(_ engine: String) async throws -> String { throw unused }
    func examine(through managers: [String]) async throws -> DoctorSwarm { throw unused }
    func wholeServices(through managers: [String]) async throws -> Set<String> { [] }
    func setAvailability(_ node: String, _ availability: String, through managers: [String]) async throws {
        throw unused
    }

    func evacuate(_ node: String, limit: Duration, through managers: [String]) async throws -> [String] {
        try await drain(node, through: managers)
        return []
    }

    func awaitWhole(_ services: Set<String>, limit: Duration, through managers: [String]) async throws -> [String] {
        []
    }
}
