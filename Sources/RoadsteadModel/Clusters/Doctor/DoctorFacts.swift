import RoadsteadBasics

/// All that a doctor has found out about a cluster, before anything is judged.
public struct DoctorFacts: Sendable, Hashable {
    public var now: Instant
    public var specification: ClusterSpecification
    public var machines: [DoctorMachine]
    public var nodes: DoctorLook<[DoctorNode]>
    public var swarm: DoctorLook<DoctorSwarm>
    public var ways: DoctorLook<DoctorWays>
    public var overlay: DoctorLook<DoctorOverlay>
    /// What applying the specification would change, a line each.
    public var drift: DoctorLook<[String]>

    public init(now: Instant, specification: ClusterSpecification, machines: [DoctorMachine]) {
        (self.now, self.specification, self.machines) = (now, specification, machines)
        (nodes, swarm) = (.skipped("nobody asked"), .skipped("nobody asked"))
        (ways, overlay, drift) = (.skipped("nobody asked"), .skipped("nobody asked"), .skipped("nobody asked"))
    }
}

/// A question that was answered, or not.
public enum DoctorLook<Value: Sendable & Hashable>: Sendable, Hashable {
    case seen(Value)
    /// It was asked; why there is no answer.
    case failed(String)
    /// It could not be asked, and why.
    case skipped(String)

    public var value: Value? {
        if case .seen(let value) = self { value } else { nil }
    }

    /// Why there is no answer; empty when there is.
    var reason: String {
        switch self {
        case .seen: ""
        case .failed(let reason), .skipped(let reason): reason
        }
    }
}

/// A machine of the cluster.
public struct DoctorMachine: Sendable, Hashable {
    public var name: String
    public var role: MachineRole
    public var zone: String?
    /// Of its node.
    public var nodeID: String?
    /// From inside.
    public var host: DoctorLook<DoctorHost>
    /// The version that its engine tells over its port.
    public var engine: DoctorLook<String>

    public init(
        _ name: String, _ role: MachineRole = .worker, zone: String? = nil, nodeID: String? = nil,
        host: DoctorLook<DoctorHost>, engine: DoctorLook<String> = .skipped("nobody asked")
    ) {
        (self.name, self.role, self.zone, self.nodeID) = (name, role, zone, nodeID)
        (self.host, self.engine) = (host, engine)
    }
}

/// What a host says of itself. What could not be read is nil.
public struct DoctorHost: Sendable, Hashable {
    /// Bytes, or numbers of inodes.
    public struct Room: Sendable, Hashable {
        public var free: Int
        public var total: Int

        public init(free: Int, total: Int) { (self.free, self.total) = (free, total) }

        /// 0 to 100.
        var freePercent: Int { total > 0 ? Int(Double(free) / Double(total) * 100) : 100 }
    }

    /// One line of `docker system df`.
    public struct Leftover: Sendable, Hashable {
        /// `Images`, `Containers`, `Local Volumes`, `Build Cache`.
        public var kind: String
        /// Bytes.
        public var size: Int
        public var reclaimable: Int

        public init(kind: String, size: Int, reclaimable: Int) {
            (self.kind, self.size, self.reclaimable) = (kind, size, reclaimable)
        }
    }

    /// The engine's own, as it lies on the host.
    public struct Certificate: Sendable, Hashable {
        public var expiry: Instant
        /// Names and addresses that it is for.
        public var subjects: Set<String>
        /// Whether the cluster's authority has signed it.
        public var isTrusted: Bool

        public init(expiry: Instant, subjects: Set<String>, isTrusted: Bool) {
            (self.expiry, self.subjects, self.isTrusted) = (expiry, subjects, isTrusted)
        }

        /// An address is written in more ways than one.
        func isFor(_ address: String) -> Bool {
            guard let bytes = (try? CIDR(address))?.bytes else { return subjects.contains(address) }
            return subjects.contains { (try? CIDR($0))?.bytes == bytes }
        }
    }

    /// Where Docker keeps its data.
    public var disk: Room?
    public var inodes: Room?
    public var memory: Room?
    /// Milliseconds that its clock is ahead of the server's, and how far that may be wrong.
    public var clockAhead: Int?
    public var clockError = 0
    /// Whether its clock is kept right by others.
    public var isClockSynchronized: Bool?
    public var hostName: String?
    public var machineID: String?
    /// Names that were looked up, and whether one of them was found.
    public var lookedUp: [String] = []
    public var isNameFound: Bool?
    public var loggingDriver: String?
    public var hasLogLimit: Bool?
    public var forwardsPackets: Bool?
    /// Whether the kernel can spread published ports over the nodes (IPVS).
    public var hasIPVS: Bool?
    public var leftovers: [Leftover] = []
    /// nil where no port 2376 was set up.
    public var certificate: Certificate?
    /// The address by which the server reaches its engine.
    public var address: String?

    public init() {}
}

/// A node, as the managers see it.
public struct DoctorNode: Sendable, Hashable {
    public var id: String
    public var hostName: String
    public var role: MachineRole
    /// `ready`, `down`, ...: the engine's own words, as the next.
    public var state: String
    /// `active`, `pause`, `drain`.
    public var availability: String
    public var isReachableManager: Bool
    public var engineVersion: String?

    public init(
        id: String, hostName: String, role: MachineRole, state: String = "ready", availability: String = "active",
        isReachableManager: Bool = true, engineVersion: String? = nil
    ) {
        (self.id, self.hostName, self.role, self.state) = (id, hostName, role, state)
        (self.availability, self.isReachableManager) = (availability, isReachableManager)
        self.engineVersion = engineVersion
    }
}

/// The Swarm as a whole.
public struct DoctorSwarm: Sendable, Hashable {
    public struct Service: Sendable, Hashable {
        public var name: String
        public var desired: Int
        public var running: Int

        public init(_ name: String, desired: Int, running: Int) {
            (self.name, self.desired, self.running) = (name, desired, running)
        }
    }

    public var isAutolocked: Bool?
    /// When nobody trusts the Swarm's own root certificate any more.
    public var authorityExpiry: Instant?
    public var isRotating: Bool
    public var services: [Service]

    public init(
        isAutolocked: Bool? = nil, authorityExpiry: Instant? = nil, isRotating: Bool = false, services: [Service] = []
    ) {
        (self.isAutolocked, self.authorityExpiry) = (isAutolocked, authorityExpiry)
        (self.isRotating, self.services) = (isRotating, services)
    }
}

/// The ways between the machines.
public struct DoctorWays: Sendable, Hashable {
    /// A sentence each.
    public var shut: [String]
    /// Bytes of the largest packet that takes all of them.
    public var mtu: Int?

    public init(shut: [String] = [], mtu: Int? = nil) { (self.shut, self.mtu) = (shut, mtu) }
}

/// What became of packets in an overlay network that was made for it.
public struct DoctorOverlay: Sendable, Hashable {
    public var machines: [String]
    /// A sentence each.
    public var faults: [String]

    public init(machines: [String], faults: [String] = []) { (self.machines, self.faults) = (machines, faults) }
}
