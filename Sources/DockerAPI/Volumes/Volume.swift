/// A volume (`GET /volumes`, local to the engine that is asked).
public struct Volume: Codable, Hashable, Sendable {
    public var name: String
    public var driver: String?
    public var mountpoint: String?
    public var labels: [String: String]?
    public var options: [String: String]?
    /// `local` or `global`.
    public var scope: String?
    /// RFC 3339; left as text because drivers write what they like.
    public var createdAt: String?

    public init(name: String) { self.name = name }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case mountpoint = "Mountpoint"
        case labels = "Labels"
        case options = "Options"
        case scope = "Scope"
        case createdAt = "CreatedAt"
    }
}

/// Body of `POST /volumes/create`.
public struct VolumeCreate: Codable, Hashable, Sendable {
    public var name: String?
    public var driver: String?
    public var driverOpts: [String: String]?
    public var labels: [String: String]?

    public init(
        name: String? = nil, driver: String? = nil, driverOpts: [String: String]? = nil,
        labels: [String: String]? = nil
    ) {
        self.name = name
        self.driver = driver
        self.driverOpts = driverOpts
        self.labels = labels
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case driverOpts = "DriverOpts"
        case labels = "Labels"
    }
}
