/// A host that exists and becomes a machine of a cluster (driver `generic`).
public struct ClusterHost: Sendable, Hashable {
    /// Name or IP address.
    public var address: String
    public var port: Int
    public var user: String
    public var role: MachineRole
    public var zone: String?
    public var jump: JumpHost?

    public init(
        address: String, port: Int = 22, user: String = "root", role: MachineRole, zone: String? = nil,
        jump: JumpHost? = nil
    ) {
        (self.address, self.port, self.user) = (address, port, user)
        (self.role, self.zone, self.jump) = (role, zone, jump)
    }
}

/// The host through which another is reached by SSH.
public struct JumpHost: Sendable, Hashable {
    public var address: String
    public var port: Int
    public var user: String

    public init(address: String, port: Int = 22, user: String = "root") {
        (self.address, self.port, self.user) = (address, port, user)
    }
}
