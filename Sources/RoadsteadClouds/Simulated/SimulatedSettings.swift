/// What a simulated cloud is like.
public struct SimulatedSettings: Sendable, Hashable {
    public enum Rights: Sendable, Hashable { case all, reading }

    /// How long a machine takes from the order to `ready`; a start or restart takes as long.
    public var bootTime: Duration
    /// How long a machine goes on being there, and using its firewall, after it was removed.
    public var removalTime: Duration
    /// The keys of the account: no other is known.
    public var keys: [String: Rights]
    /// How many of each kind the account may have; no entry, no limit.
    public var quotas: [CloudKind: Int]
    /// How many machines fit into a zone; no entry, no limit.
    public var capacity: [String: Int]
    public var features: Set<CloudFeature>
    public var catalog: CloudCatalog

    public init(
        bootTime: Duration = .seconds(30), removalTime: Duration = .zero, keys: [String: Rights] = ["simulated": .all],
        quotas: [CloudKind: Int] = [:], capacity: [String: Int] = [:],
        features: Set<CloudFeature> = Set(CloudFeature.allCases), catalog: CloudCatalog = Self.standardCatalog
    ) {
        (self.bootTime, self.removalTime, self.keys) = (bootTime, removalTime, keys)
        (self.quotas, self.capacity) = (quotas, capacity)
        (self.features, self.catalog) = (features, catalog)
    }

    public static let standardCatalog = CloudCatalog(
        zones: ["zone-1", "zone-2", "zone-3"],
        sizes: [
            CloudCatalog.Size(id: "size-1", name: "small", cores: 2, memory: 2048, price: "0.02"),
            CloudCatalog.Size(id: "size-2", name: "medium", cores: 2, memory: 4096, price: "0.04"),
            CloudCatalog.Size(id: "size-3", name: "large", cores: 4, memory: 8192, price: "0.08"),
        ],
        images: [
            CloudCatalog.Image(id: "image-1", name: "debian-12", user: "debian"),
            CloudCatalog.Image(id: "image-2", name: "debian-13", user: "debian"),
        ])
}
