import Foundation

/// What the kernel lets a container do beyond or below the usual (`Privileges` of the Engine API).
public struct Privileges: Codable, Hashable, Sendable {
    /// Windows: the group managed service account.
    public struct CredentialSpec: Codable, Hashable, Sendable {
        public var config: String?
        public var file: String?
        public var registry: String?

        public init(config: String? = nil, file: String? = nil, registry: String? = nil) {
            self.config = config
            self.file = file
            self.registry = registry
        }

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case file = "File"
            case registry = "Registry"
        }
    }

    public struct SELinuxContext: Codable, Hashable, Sendable {
        public var disable: Bool?
        public var user: String?
        public var role: String?
        public var type: String?
        public var level: String?

        public init(
            disable: Bool? = nil, user: String? = nil, role: String? = nil, type: String? = nil, level: String? = nil
        ) {
            self.disable = disable
            self.user = user
            self.role = role
            self.type = type
            self.level = level
        }

        enum CodingKeys: String, CodingKey {
            case disable = "Disable"
            case user = "User"
            case role = "Role"
            case type = "Type"
            case level = "Level"
        }
    }

    public struct Seccomp: Codable, Hashable, Sendable {
        /// `default`, `unconfined` or `custom`.
        public var mode: String?
        /// The JSON of a custom profile; base64 on the wire.
        public var profile: Data?

        public init(mode: String? = nil, profile: Data? = nil) {
            self.mode = mode
            self.profile = profile
        }

        enum CodingKeys: String, CodingKey {
            case mode = "Mode"
            case profile = "Profile"
        }
    }

    public struct AppArmor: Codable, Hashable, Sendable {
        /// `default` or `disabled`.
        public var mode: String?

        public init(mode: String? = nil) { self.mode = mode }

        enum CodingKeys: String, CodingKey { case mode = "Mode" }
    }

    public var credentialSpec: CredentialSpec?
    public var seLinuxContext: SELinuxContext?
    /// API 1.44, like the two below.
    public var seccomp: Seccomp?
    public var appArmor: AppArmor?
    public var noNewPrivileges: Bool?

    public init(
        credentialSpec: CredentialSpec? = nil, seLinuxContext: SELinuxContext? = nil, seccomp: Seccomp? = nil,
        appArmor: AppArmor? = nil, noNewPrivileges: Bool? = nil
    ) {
        self.credentialSpec = credentialSpec
        self.seLinuxContext = seLinuxContext
        self.seccomp = seccomp
        self.appArmor = appArmor
        self.noNewPrivileges = noNewPrivileges
    }

    enum CodingKeys: String, CodingKey {
        case credentialSpec = "CredentialSpec"
        case seLinuxContext = "SELinuxContext"
        case seccomp = "Seccomp"
        case appArmor = "AppArmor"
        case noNewPrivileges = "NoNewPrivileges"
    }
}
