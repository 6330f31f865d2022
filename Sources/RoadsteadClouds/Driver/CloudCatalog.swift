/// What an account can ask for at a cloud.
public struct CloudCatalog: Sendable, Hashable {
    public struct Size: Sendable, Hashable {
        public var id: String
        /// What people write: `small`, `t3.small`.
        public var name: String
        public var cores: Int
        /// MiB.
        public var memory: Int
        /// Per hour in the account's currency, where the cloud tells.
        public var price: String?

        public init(id: String, name: String, cores: Int, memory: Int, price: String? = nil) {
            (self.id, self.name, self.cores, self.memory, self.price) = (id, name, cores, memory, price)
        }
    }

    public struct Image: Sendable, Hashable {
        public var id: String
        public var name: String
        /// The user that the key of a new machine is for: `debian`, `ubuntu`, `root`.
        public var user: String

        public init(id: String, name: String, user: String) { (self.id, self.name, self.user) = (id, name, user) }
    }

    public var zones: [String]
    public var sizes: [Size]
    public var images: [Image]

    public init(zones: [String], sizes: [Size], images: [Image]) {
        (self.zones, self.sizes, self.images) = (zones, sizes, images)
    }
}
