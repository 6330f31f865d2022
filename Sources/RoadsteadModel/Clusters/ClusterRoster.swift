/// Which machines a specification asks for, by name, and what becomes of those that are there. Pure.
///
/// The machines that are there are kept as long as they are asked for, whatever their names and numbers. New ones take the
/// lowest numbers that no machine has, living or not: a name that somebody may still know is never given anew.
public struct ClusterRoster: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public var name: String
        public var role: MachineRole
        public var zone: String?
        public var host: ClusterHost?
        /// Whether it is to be made; the others are there.
        public var isNew: Bool
    }

    /// Managers first, each by number.
    public let members: [Member]
    /// Names of machines that are there and are not asked for: the dead, then those to be removed, workers first.
    public let surplus: [String]

    public var managers: [Member] { members.filter { $0.role == .manager } }
    public var workers: [Member] { members.filter { $0.role == .worker } }

    public func member(named name: String) -> Member? { members.first { $0.name == name } }

    /// - Parameter machines: all that are there in whatever state; the dead and those on their way out are replaced.
    public static func make(_ specification: ClusterSpecification, machines: [ClusterMachine] = []) -> ClusterRoster {
        var builder = ClusterRosterBuilder(specification, machines)
        return builder.build()
    }

    init(members: [Member], surplus: [String]) { (self.members, self.surplus) = (members, surplus) }
}
