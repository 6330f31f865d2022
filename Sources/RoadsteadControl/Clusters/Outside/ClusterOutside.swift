import DockerAPI
import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// How the operations of clusters reach hosts and Swarms: SSH and engines in earnest, something in memory in tests.
///
/// All that is thrown is `RoadsteadError` or `CancellationError`, and everything may be done again.
public protocol ClusterOutside: Sendable {
    /// The machines of one cluster as hosts, for the time of one job. `login` tells how a machine is entered.
    func hosts(_ login: @escaping @Sendable (String) async throws -> HostLogin) -> any ClusterHostWork

    /// The engines of one cluster, with a client certificate of its authority.
    func swarm(authority: String, client: IssuedCertificate, logger: Logger) throws -> any ClusterSwarmWork
}

/// Work on machines over SSH, by their names.
public protocol ClusterHostWork: ClusterHostExamination {
    /// Waits, with patience, until the machine can be entered and its first boot is over. `isFresh`: it was just made, and
    /// may let the key in a moment after its sshd answers.
    func arrive(_ machine: String, isFresh: Bool) async throws -> MachineArrival

    /// Looks once, and changes nothing.
    func look(_ machine: String) async throws -> HostFacts

    /// Brings the engine to what is wished, and looks again. A host that does not suit is not touched.
    func prepare(_ machine: String, _ wishes: EngineWishes) async throws -> HostFacts

    /// Has the engine's packages ready on the machine, while its engine goes on; tells what is there and what would be.
    func fetchEngine(_ machine: String, _ wishes: EngineWishes) async throws -> EngineFetch

    /// Stops the engine, changes its files and, if they are to change, its packages, and waits until it answers again.
    func changeEngine(_ machine: String, _ wishes: EngineWishes, isOfPackages: Bool) async throws -> HostFacts

    /// Tries the ways from each node to each other. Returns the bytes of the largest packet that takes all of them, where that
    /// could be found out; throws `unavailable`, naming both machines and the port, for a way that is not open.
    func checkPaths(_ nodes: [NodePlace]) async throws -> Int?

    /// Takes the machine out of its Swarm, from its own side, and our configuration from its engine; the host, its
    /// engine and its data stay.
    func release(_ machine: String, node: String?) async throws

    /// Another one after each start of the system.
    func bootID(_ machine: String) async throws -> String

    /// `restart` or `stop`, by the system itself; returns when it has taken the order.
    func power(_ machine: String, _ order: PowerOrder) async throws

    /// Whether it lets us in now.
    func answers(_ machine: String) async -> Bool

    /// The host keys that it shows now, whichever it is known by.
    func shownKeys(_ machine: String) async throws -> [String]

    func close() async
}

/// Where a node is for the other nodes.
public struct NodePlace: Sendable, Hashable {
    public var name: String
    public var address: String
    public var role: MachineRole

    public init(_ name: String, _ address: String, _ role: MachineRole) {
        (self.name, self.address, self.role) = (name, address, role)
    }
}

/// What is known of a machine once it was entered.
public struct MachineArrival: Sendable {
    /// By which it is known from now on.
    public var hostKeys: [String]
    /// Of the jump host, when one was gone through.
    public var jumpKeys: [String]
    public var facts: HostFacts
    /// This server's address as the machine sees it.
    public var seenFrom: String?

    public init(hostKeys: [String], jumpKeys: [String] = [], facts: HostFacts, seenFrom: String? = nil) {
        (self.hostKeys, self.jumpKeys, self.facts, self.seenFrom) = (hostKeys, jumpKeys, facts, seenFrom)
    }
}

/// Work on a Swarm through its engines. `engine` and `managers` are addresses; of managers any that answers is asked.
public protocol ClusterSwarmWork: ClusterSwarmExamination {
    /// Makes the engine the first manager of a Swarm; returns the ids of Swarm and node.
    func initialize(
        _ engine: String, advertise: String, pools: [String], autolock: Bool
    ) async throws -> (swarm: String, node: String)

    /// Makes the engine a node; returns the node's id.
    func join(
        _ engine: String, advertise: String, as role: MachineRole, through managers: [String]
    ) async throws -> String

    func nodes(through managers: [String]) async throws -> [SwarmNode]
    func promote(_ node: String, through managers: [String]) async throws
    func demote(_ node: String, through managers: [String]) async throws
    func drain(_ node: String, through managers: [String]) async throws
    func remove(_ node: String, through managers: [String]) async throws
    func setLabels(
        _ node: String, set: [String: String], remove: Set<String>, through managers: [String]
    ) async throws

    /// Sends the node's tasks away. Returns the names of the services whose tasks are still there at the limit.
    func evacuate(_ node: String, limit: Duration, through managers: [String]) async throws -> [String]

    /// `active`, `pause` or `drain`.
    func setAvailability(_ node: String, _ availability: String, through managers: [String]) async throws

    /// The ids of the services that run as many tasks as they should; jobs are none of them.
    func wholeServices(through managers: [String]) async throws -> Set<String>

    /// Waits until all of these services, as far as they are there, run as many tasks as they should. Returns the names of
    /// those that do not at the limit.
    func awaitWhole(_ services: Set<String>, limit: Duration, through managers: [String]) async throws -> [String]

    /// Waits until all of them are ready, and managers reachable.
    func verify(_ expected: [ExpectedNode], through managers: [String]) async throws

    /// The key that managers need when they start; nil for a Swarm without one.
    func unlockKey(through managers: [String]) async throws -> Redacted<String>?

    /// Gives a manager that was started anew the key that it waits for; false when it waits for none. Throws `forbidden` when
    /// it waits for another one.
    @discardableResult
    func unlock(_ engine: String, key: Redacted<String>) async throws -> Bool
}

/// A node that should be there.
public struct ExpectedNode: Sendable, Hashable {
    public var name: String
    public var node: String
    public var role: MachineRole

    public init(_ name: String, _ node: String, _ role: MachineRole) {
        (self.name, self.node, self.role) = (name, node, role)
    }
}
