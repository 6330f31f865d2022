/// What the `security_opt`s of a service ask for, as far as a Swarm can do it.
struct ComposeSecurity: Hashable, Sendable {
    enum Seccomp: Hashable, Sendable {
        /// Docker's own profile.
        case builtin
        case unconfined
        /// The JSON of a profile.
        case profile([UInt8])
    }

    /// Labels of SELinux.
    struct Labels: Hashable, Sendable {
        var isDisabled: Bool?
        var user: String?
        var role: String?
        var type: String?
        var level: String?
    }

    var forbidsNewPrivileges: Bool?
    var seccomp: Seccomp?
    /// Otherwise docker's own profile is used.
    var isAppArmorDisabled: Bool?
    var labels = Labels()
}
