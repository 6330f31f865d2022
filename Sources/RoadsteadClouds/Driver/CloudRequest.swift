/// What a cloud is asked to make.
public enum CloudRequest: Sendable, Hashable {
    case network(NetworkRequest)
    case firewall(FirewallRequest)
    case key(KeyRequest)
    /// A group whose machines do not share a host of the provider's.
    case placement
    case machine(MachineRequest)

    public var kind: CloudKind {
        switch self {
        case .network: .network
        case .firewall: .firewall
        case .key: .key
        case .placement: .placement
        case .machine: .machine
        }
    }
}

public enum CloudKind: String, Sendable, Hashable, CaseIterable {
    case network, firewall, key, placement, machine
}

/// A private network between the machines of a cluster.
public struct NetworkRequest: Sendable, Hashable {
    /// CIDR, IPv4: `10.0.0.0/24`.
    public var range: String

    public init(range: String) { self.range = range }
}

public struct FirewallRequest: Sendable, Hashable {
    public var rules: [FirewallRule]
    /// The network that it belongs to, where the cloud binds firewalls to networks.
    public var network: String?

    public init(rules: [FirewallRule], network: String? = nil) {
        (self.rules, self.network) = (rules, network)
    }
}

/// An SSH key that machines are made with.
public struct KeyRequest: Sendable, Hashable {
    /// One line in OpenSSH's form: `ssh-ed25519 AAAA…`.
    public var publicKey: String

    public init(publicKey: String) { self.publicKey = publicKey }
}

public struct MachineRequest: Sendable, Hashable {
    /// A name or an id of the catalogue's.
    public var size: String
    public var image: String
    public var zone: String?
    /// GiB of the system disk.
    public var disk: Int
    /// Ids at the cloud of what it is put into.
    public var key: String?
    public var firewalls: [String]
    public var network: String?
    public var placement: String?
    /// cloud-init's user data, as text; no secret belongs into it: every process of the machine can read it.
    public var userData: String

    public init(
        size: String, image: String, zone: String? = nil, disk: Int = 50, key: String? = nil, firewalls: [String] = [],
        network: String? = nil, placement: String? = nil, userData: String = ""
    ) {
        (self.size, self.image, self.zone, self.disk) = (size, image, zone, disk)
        (self.key, self.firewalls, self.network, self.placement) = (key, firewalls, network, placement)
        self.userData = userData
    }
}
