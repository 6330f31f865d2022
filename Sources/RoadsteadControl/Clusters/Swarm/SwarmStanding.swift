import DockerAPI
import DockerClient
import RoadsteadBasics

/// What an engine says of its own place in a Swarm.
enum SwarmStanding: Sendable, Equatable {
    case outside
    case member(nodeID: String, isManager: Bool)
    /// It joins, or starts, and has not got there yet.
    case pending
    /// A manager that was started anew and waits for its Swarm's key.
    case locked
    /// In the engine's words.
    case broken(String)

    init(_ info: SwarmInfo?) {
        switch info?.localNodeState {
        case "active": self = .member(nodeID: info?.nodeID ?? "", isManager: info?.controlAvailable ?? false)
        case "pending": self = .pending
        case "locked": self = .locked
        case "error": self = .broken(info?.error ?? "")
        default: self = .outside
        }
    }
}

extension SwarmMembership {
    /// Where the engine stands once it has got somewhere. Throws `unavailable` when that takes too long; `invalidState` for
    /// one that is locked, or has failed.
    func standing(_ client: EngineClient, _ address: String) async throws -> SwarmStanding {
        let end = clock.now + times.joining
        while true {
            let info = try await client.info().swarm
            let standing = SwarmStanding(info)
            switch standing {
            case .outside, .member: return standing
            case .locked:
                throw RoadsteadError(.invalidState, "the Swarm at \(address) is locked: unlock it with its key")
            case .broken(let words):
                throw RoadsteadError(
                    .invalidState,
                    "\(address) has failed in its Swarm: \(words.prefix(300)); let it leave (docker swarm leave --force)"
                )
            case .pending:
                guard clock.now < end else { throw Self.late(address, info, times.joining) }
                try await clock.sleep(for: times.pause)
            }
        }
    }

    private static func late(_ address: String, _ info: SwarmInfo?, _ limit: Duration) -> RoadsteadError {
        let words = info?.error.flatMap { $0.isEmpty ? nil : " (\($0.prefix(300)))" } ?? ""
        return RoadsteadError(
            .unavailable,
            "\(address) was not let into the Swarm within \(limit.components.seconds) s\(words); "
                + "does it reach the managers on 2377/tcp?")
    }
}
