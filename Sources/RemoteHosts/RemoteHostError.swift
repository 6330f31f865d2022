/// Why a host could not be reached, or a command on it did not do what it should. `message` is for people and holds no
/// secret: at most the last lines that the command itself wrote to its standard error.
public struct RemoteHostError: Error, Sendable, Hashable {
    public enum Code: Sendable, Hashable {
        case invalidInput
        /// The name has no address.
        case nameNotFound
        /// Nothing listens at the port.
        case refused
        case noRoute
        /// No answer while connecting.
        case connectTimedOut
        /// The host answered and hung up before the login: it is booting, or limits its logins.
        case closedEarly
        /// The user or its key is not taken.
        case permissionDenied
        /// The private key cannot be read: wrong passphrase, or no key at all.
        case keyUnusable
        /// The host shows another key than the one that is known.
        case hostKeyChanged
        /// The host shows a key of a kind that is not among the known ones.
        case hostKeyUnknown
        /// sudo asks for a password, or does not let the user.
        case sudoRefused
        /// The connection ended while the command ran: whether the command went on is not known.
        case connectionLost
        /// The command ended with this status.
        case commandFailed(status: Int)
        /// The command did not end in its time.
        case timedOut
        /// The command wrote more than the caller takes.
        case tooMuchOutput
        /// Another process installs packages there.
        case packagesLocked
        /// A package source does not answer, or not with what it should.
        case packageSource
        /// There is no space left, or too little for the packages.
        case diskFull
        /// What the host is or carries does not go with what is wanted of it.
        case unsuitable
        case cancelled
        /// This machine lacks what it takes: OpenSSH's client, a temporary folder.
        case localFault
    }

    public let code: Code
    public let message: String
    /// Which host: `ADDRESS:PORT`.
    public let host: String

    public init(_ code: Code, _ message: String, host: String) {
        self.code = code
        self.message = message
        self.host = host
    }

    /// True where waiting and trying again may help by itself, as for a machine that boots.
    public var mayPass: Bool {
        switch code {
        case .refused, .noRoute, .connectTimedOut, .closedEarly, .connectionLost, .timedOut, .nameNotFound,
            .packagesLocked,
            .packageSource:
            true
        case .invalidInput, .permissionDenied, .keyUnusable, .hostKeyChanged, .hostKeyUnknown, .sudoRefused,
            .commandFailed, .tooMuchOutput, .diskFull, .unsuitable, .cancelled, .localFault:
            false
        }
    }
}

extension RemoteHostError: CustomStringConvertible {
    public var description: String { "\(host): \(message)" }
}
