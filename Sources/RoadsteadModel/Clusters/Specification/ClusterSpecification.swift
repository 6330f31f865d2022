import RoadsteadBasics

/// What a cluster shall be: the content of `cluster.yaml`, and what flags of the command line make.
///
/// It holds no secret: a credential is named, never contained.
public struct ClusterSpecification: Sendable, Hashable {
    /// Small letters, digits and hyphens, 40 at most: the machines are named after it.
    public var name: String
    /// Who makes the machines: `generic`, `exoscale`, `amazonec2`, ...
    public var driver: String
    public var credential: ResourceID?
    public var region: String?
    /// The machines are spread over them; empty is the driver's choice.
    public var zones: [String]
    /// One of `MachineSize.named`, or a name of the driver's own.
    public var size: String
    /// GiB of a machine's system disk.
    public var disk: Int
    /// `debian-12`, or a name or id of the driver's own.
    public var image: String
    /// 1, 3 or 5.
    public var managers: Int
    public var workers: Int
    public var labels: ClusterLabels
    public var engine: ClusterEngine
    public var network: ClusterNetwork
    /// Whether the managers' state is encrypted with a key that each needs when it starts.
    public var isAutolocked: Bool
    /// Open to the world, sorted.
    public var ports: [PortRange]
    /// CIDRs that may reach the engine API; the control plane always may.
    public var engineAccess: [String]
    /// CIDRs that may reach SSH; the control plane always may.
    public var sshAccess: [String]
    /// Of the driver `generic` only, their roles decided.
    public var hosts: [ClusterHost]
    /// What only the driver knows.
    public var options: JSONObject

    /// Driver of hosts that exist.
    public static let generic = "generic"

    public var isGeneric: Bool { driver == Self.generic }
    public var nodes: Int { managers + workers }

    /// An even number would survive no more losses than one manager less.
    public static let managerCounts = [1, 3, 5]
    public static let nodeLimit = 1000

    /// What holds where the document says nothing; part of the schema.
    static let defaults: JSONObject = [
        "size": "small", "disk": 50, "image": "debian-12", "ports": ["30000-32000/tcp"], "engine-access": [],
        "ssh-access": ["0.0.0.0/0", "::/0"], "autolock": false,
    ]
}
