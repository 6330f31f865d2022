/// As whom a host is entered, what its key must be, and how the key of the user is shown.
public struct HostLogin: Sendable {
    /// A host that is gone through (ssh's ProxyJump). It has a key policy of its own; without authentication of its own,
    /// that of the target is used.
    public struct Jump: Sendable {
        public let address: HostAddress
        public let user: String
        public let trust: HostKeyTrust
        public let authentication: HostAuthentication?

        public init(
            address: HostAddress, user: String, trust: HostKeyTrust, authentication: HostAuthentication? = nil
        ) throws(RemoteHostError) {
            try HostLogin.check(user: user, at: address)
            self.address = address
            self.user = user
            self.trust = trust
            self.authentication = authentication
        }
    }

    public let address: HostAddress
    public let user: String
    public let trust: HostKeyTrust
    public let authentication: HostAuthentication
    public let jump: Jump?

    /// Throws `invalidInput` for a user name that no Unix system has.
    public init(
        address: HostAddress, user: String = "root", trust: HostKeyTrust, authentication: HostAuthentication,
        jump: Jump? = nil
    ) throws(RemoteHostError) {
        try Self.check(user: user, at: address)
        self.address = address
        self.user = user
        self.trust = trust
        self.authentication = authentication
        self.jump = jump
    }

    private static func check(user: String, at address: HostAddress) throws(RemoteHostError) {
        guard let first = user.utf8.first, first != UInt8(ascii: "-"), user.utf8.count <= 64,
            user.utf8.allSatisfy({
                HostAddress.isLetterOrDigit($0)
                    || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@")].contains($0)
            })
        else {
            throw RemoteHostError(.invalidInput, "'\(user)' is no user name", host: "\(address)")
        }
    }
}
