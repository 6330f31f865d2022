/// What the names of sizes mean at every driver: a driver takes its own type that has at least this much.
///
/// The steps are Exoscale's, whose `Small` the deployment script has used from the start. Any other word is a size of the
/// driver's own.
public struct MachineSize: Sendable, Hashable {
    public var name: String
    public var cpus: Int
    /// GiB.
    public var memory: Int

    public init(name: String, cpus: Int, memory: Int) {
        (self.name, self.cpus, self.memory) = (name, cpus, memory)
    }

    public static let named = [
        MachineSize(name: "tiny", cpus: 1, memory: 1), MachineSize(name: "small", cpus: 2, memory: 2),
        MachineSize(name: "medium", cpus: 2, memory: 4), MachineSize(name: "large", cpus: 4, memory: 8),
        MachineSize(name: "extra-large", cpus: 4, memory: 16), MachineSize(name: "huge", cpus: 8, memory: 32),
    ]

    /// In any case of letters; nil when the word is of the driver's own.
    public static func find(_ name: String) -> MachineSize? { named.first { $0.name == name.lowercased() } }
}
