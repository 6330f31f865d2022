import RoadsteadBasics

/// Body of `POST /networks/create`.
public struct NetworkCreate: Codable, Hashable, Sendable {
    public var name: String
    public var driver: String?
    public var scope: String?
    public var `internal`: Bool?
    public var attachable: Bool?
    public var ingress: Bool?
    public var enableIPv6: Bool?
    public var ipam: IPAM?
    public var options: [String: String]?
    public var labels: [String: String]?
    /// Always true towards engines before API 1.44, which would otherwise make a second network of the same name.
    public var checkDuplicate: Bool?

    public init(name: String, driver: String? = nil) {
        self.name = name
        self.driver = driver
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case scope = "Scope"
        case `internal` = "Internal"
        case attachable = "Attachable"
        case ingress = "Ingress"
        case enableIPv6 = "EnableIPv6"
        case ipam = "IPAM"
        case options = "Options"
        case labels = "Labels"
        case checkDuplicate = "CheckDuplicate"
    }
}

/// A network (`GET /networks`).
public struct Network: Codable, Hashable, Sendable {
    public var id: String
    public var name: String
    public var created: Instant?
    public var driver: String?
    /// `swarm`, `local` or `global`.
    public var scope: String?
    public var `internal`: Bool?
    public var attachable: Bool?
    public var ingress: Bool?
    public var enableIPv6: Bool?
    public var ipam: IPAM?
    public var options: [String: String]?
    public var labels: [String: String]?

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case created = "Created"
        case driver = "Driver"
        case scope = "Scope"
        case `internal` = "Internal"
        case attachable = "Attachable"
        case ingress = "Ingress"
        case enableIPv6 = "EnableIPv6"
        case ipam = "IPAM"
        case options = "Options"
        case labels = "Labels"
    }
}

public struct IPAM: Codable, Hashable, Sendable {
    public struct Pool: Codable, Hashable, Sendable {
        public var subnet: String?
        public var ipRange: String?
        public var gateway: String?

        public init(subnet: String? = nil, ipRange: String? = nil, gateway: String? = nil) {
            self.subnet = subnet
            self.ipRange = ipRange
            self.gateway = gateway
        }

        enum CodingKeys: String, CodingKey {
            case subnet = "Subnet"
            case ipRange = "IPRange"
            case gateway = "Gateway"
        }
    }

    public var driver: String?
    public var config: [Pool]?
    public var options: [String: String]?

    public init(driver: String? = nil, config: [Pool]? = nil, options: [String: String]? = nil) {
        self.driver = driver
        self.config = config
        self.options = options
    }

    enum CodingKeys: String, CodingKey {
        case driver = "Driver"
        case config = "Config"
        case options = "Options"
    }
}
