extension HostFacts {
    /// A container that runs.
    public struct Container: Sendable, Hashable {
        public var name: String
        /// The engine starts it again after a restart of its own.
        public var comesBack: Bool
        /// A task of a Swarm's service, which the Swarm starts again.
        public var isTask: Bool

        public init(_ name: String, comesBack: Bool = false, isTask: Bool = false) {
            (self.name, self.comesBack, self.isTask) = (name, comesBack, isTask)
        }

        /// `/NAME|RESTART POLICY|TASK`, as the script prints it.
        init?(parsing text: String) {
            let fields = text.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0].count > 1 else { return nil }
            self.init(
                String(fields[0].drop { $0 == "/" }), comesBack: ["always", "unless-stopped"].contains(fields[1]),
                isTask: !fields[2].isEmpty)
        }
    }

    /// Where a folder lies: of `/usr`, `/var/lib` and `/var/cache/apt` in this order, so that one file system may be told three
    /// times.
    public struct Space: Sendable, Hashable {
        public var mount: String
        /// Bytes.
        public var free: Int

        public init(mount: String, free: Int) { (self.mount, self.free) = (mount, free) }
    }
}
