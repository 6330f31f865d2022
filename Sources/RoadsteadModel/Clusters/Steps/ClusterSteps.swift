import RoadsteadBasics

/// The graphs of steps by which clusters are made, changed and removed. Pure: what a step does, its actions know.
///
/// The kinds of steps are `ClusterSteps.Kind`; a step's subject is a machine's name. Steps on one machine are named
/// `kind/machine`.
public enum ClusterSteps {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        // At the cloud.
        case network, firewall, key, machine
        case removeMachine = "remove-machine"
        case removeFirewall = "remove-firewall"
        case removeKey = "remove-key"
        case removeNetwork = "remove-network"
        /// Asks the cloud whether anything of the cluster is left.
        case nothingLeft = "nothing-left"
        // On a host.
        case ssh, prepare
        /// The packages of another engine, while the one that is there goes on.
        case fetch
        case upgrade
        // Ours.
        case authority, certificates, register, unregister
        /// A new certificate for an engine, kept beside the old one until it is installed.
        case renew
        // In the Swarm.
        case initialize = "init"
        case joinManager = "join-manager"
        case joinWorker = "join-worker"
        case promote, demote, drain, labels, verify
        case removeNode = "remove-node"
        /// Before an engine changes: what is whole, and the node's tasks sent away.
        case inspect, evacuate
        /// Afterwards: it takes tasks again as before, and what was whole is so again.
        case activate, settle
    }

    /// Managers join, change and are upgraded one at a time, so that those that are there always agree.
    public static let limits: [String: Int] = {
        let limits: [Kind: Int] = [
            .joinManager: 1, .promote: 1, .demote: 1, .upgrade: 1, .machine: 250, .ssh: 100, .prepare: 50,
            .joinWorker: 20, .fetch: 50,
        ]
        return Dictionary(uniqueKeysWithValues: limits.map { ($0.key.rawValue, $0.value) })
    }()

    /// Makes a cluster of nothing: machines at the same time, all but the first joining what the first began.
    ///
    /// Certificates come before the preparation, since the engine is configured before its first start.
    public static func create(
        _ specification: ClusterSpecification, _ roster: ClusterRoster
    ) throws(RoadsteadError) -> StepGraph {
        guard let first = roster.managers.first else {
            throw RoadsteadError(.invalidInput, "cluster \(specification.name) has no manager; give it at least one")
        }
        var builder = ClusterStepsBuilder()
        let foundation = builder.foundation(specification)
        builder.add(.authority)
        for member in roster.members { builder.make(member.name, after: foundation) }
        builder.add(.initialize, first.name, after: [name(.prepare, first.name)])
        for member in roster.members where member.name != first.name {
            builder.join(member.name, member.role, after: [name(.initialize, first.name)])
        }
        for member in roster.members {
            let joined = member.name == first.name ? Kind.initialize : Self.join(member.role)
            builder.add(.labels, member.name, after: [name(joined, member.name)])
        }
        builder.add(.verify, after: builder.names(.labels))
        builder.add(.register, after: [name(.verify)])
        return try builder.graph()
    }

    /// Does what a plan says: scale, repair, upgrade, mended labels and firewall.
    ///
    /// What changes who is a manager happens in the plan's order, one after the other, once all machines that it takes are
    /// prepared.
    public static func apply(_ plan: ClusterPlan) throws(RoadsteadError) -> StepGraph {
        var builder = ClusterStepsBuilder()
        builder.apply(plan)
        return try builder.graph()
    }

    /// Removes all of a cluster: its nodes are drained, then go machines, then what they used, then its registration; then the cloud is asked whether
    /// anything is left.
    public static func terminate(
        _ specification: ClusterSpecification, machines: [ClusterMachine]
    ) throws(RoadsteadError) -> StepGraph {
        var builder = ClusterStepsBuilder()
        let left = machines.filter { $0.state != .removed }
        for machine in left where machine.state == .running || machine.state == .draining {
            builder.add(.drain, machine.name)
        }
        // Once the first manager is gone, no other node may be drained any more.
        let drained = builder.names(.drain)
        for machine in left { builder.add(.removeMachine, machine.name, after: drained) }
        let machinesGone = builder.names(.removeMachine)
        var gone = machinesGone
        if !specification.isGeneric {
            builder.add(.removeFirewall, after: machinesGone)
            builder.add(.removeKey, after: machinesGone)
            builder.add(.removeNetwork, after: [name(.removeFirewall)])
            gone = [name(.removeKey), name(.removeNetwork)]
        }
        builder.add(.unregister, after: gone)
        builder.add(.nothingLeft, after: gone.union([name(.unregister)]))
        return try builder.graph()
    }

    /// The name of a step, as it stands in the journal.
    public static func name(_ kind: Kind, _ machine: String? = nil) -> String {
        machine.map { "\(kind.rawValue)/\($0)" } ?? kind.rawValue
    }

    static func join(_ role: MachineRole) -> Kind { role == .manager ? .joinManager : .joinWorker }
}
