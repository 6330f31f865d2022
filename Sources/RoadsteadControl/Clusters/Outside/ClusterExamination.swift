import RoadsteadBasics
import RoadsteadModel

/// Looks at machines from inside, which change nothing that is there.
public protocol ClusterHostExamination: Sendable {
    /// `authority`: PEM of the cluster's own, by which the engine's certificate is judged.
    func examine(_ machine: String, authority: String?) async throws -> DoctorHost

    /// Which ways between the nodes are shut, and how wide the others are.
    func ways(_ nodes: [NodePlace]) async throws -> DoctorWays

    /// Sends packets between the machines over an overlay network that is made by `manager` for it, and removed at the end
    /// whatever happens.
    ///
    /// Throws `unsupported` when fewer than two machines have an image that a container could be made of.
    func tryOverlay(of machines: [String], at manager: String) async throws -> DoctorOverlay
}

/// Looks at engines and their Swarm.
public protocol ClusterSwarmExamination: Sendable {
    /// The version of the engine at an address, which takes our certificate and whose own is right.
    func version(_ engine: String) async throws -> String

    func examine(through managers: [String]) async throws -> DoctorSwarm
}
