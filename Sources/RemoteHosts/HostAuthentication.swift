import RoadsteadBasics

/// How the user is proved to a host. Passwords are not among it: a host that takes only them is not reached.
public enum HostAuthentication: Sendable {
    /// The text of a private key that Roadstead keeps sealed; for the time of the connection it lies, mode 0600, in a folder
    /// that only this user can enter.
    case key(Redacted<String>, passphrase: Redacted<String>? = nil)
    /// A private key in a file of the user's.
    case file(String, passphrase: Redacted<String>? = nil)
    /// An agent, by its socket: the value of `SSH_AUTH_SOCK`.
    case agent(socket: String)

    var passphrase: Redacted<String>? {
        switch self {
        case .key(_, let passphrase), .file(_, let passphrase): passphrase
        case .agent: nil
        }
    }
}
