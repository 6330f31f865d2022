/// Tells from what OpenSSH's client wrote to standard error why it failed. Its messages are not translated; those below are
/// of OpenSSH 8.4 to 9.9 (sshconnect.c, ssh.c, clientloop.c, mux.c, packet.c).
enum SSHFailure {
    /// Phrases in the order in which they are looked for: what names a cause before what only names the end.
    private static let phrases: [(phrase: String, code: RemoteHostError.Code)] = [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged),
        ("Host key verification failed", .hostKeyUnknown),
        ("host key is known for", .hostKeyUnknown),
        ("no matching host key type", .hostKeyUnknown),
        ("Could not resolve hostname", .nameNotFound),
        ("Name or service not known", .nameNotFound),
        ("incorrect passphrase supplied", .keyUnusable),
        ("error in libcrypto", .keyUnusable),
        ("invalid format", .keyUnusable),
        ("bad permissions", .keyUnusable),
        ("Too many authentication failures", .permissionDenied),
        ("Permission denied", .permissionDenied),
        ("Connection refused", .refused),
        ("No route to host", .noRoute),
        ("Network is unreachable", .noRoute),
        ("administratively prohibited", .noRoute),
        ("Connection timed out", .connectTimedOut),
        ("Operation timed out", .connectTimedOut),
        ("banner exchange", .closedEarly),
        ("kex_exchange_identification", .closedEarly),
        ("ssh_exchange_identification", .closedEarly),
    ]

    private static let losses = [
        "client_loop: send disconnect", "closed by remote host", "not responding", "mux_client", "Broken pipe",
        "Connection reset", "Connection to ", "Connection closed",
    ]

    /// `begun`: the login had succeeded before, so that a connection that ends is one that is lost.
    static func code(of text: String, begun: Bool) -> RemoteHostError.Code {
        if begun, losses.contains(where: text.contains) { return .connectionLost }
        for (phrase, code) in phrases where text.contains(phrase) { return code }
        if losses.contains(where: text.contains) { return begun ? .connectionLost : .closedEarly }
        return begun ? .connectionLost : .closedEarly
    }

    static func error(_ text: String, login: HostLogin, begun: Bool) -> RemoteHostError {
        let code = code(of: text, begun: begun)
        let host = "\(login.address)"
        let way = login.jump.map { " through \($0.address)" } ?? ""
        var sentence = sentence(code, host + way, login.user)
        if code == .hostKeyChanged || code == .hostKeyUnknown {
            sentence += HostKeyMismatch(shownIn: text, login: login).words
        }
        // ssh does not tell a wrong passphrase from a key that the host does not take.
        if code == .permissionDenied, login.authentication.passphrase != nil {
            sentence += ", and the key's passphrase"
        }
        return RemoteHostError(code, sentence + words(of: text), host: host)
    }

    private static func words(of text: String) -> String {
        // ssh ends its lines with a carriage return and a line feed, which are one character together.
        let line = text.split(whereSeparator: \.isNewline)
            .last { !$0.hasPrefix("@") && !$0.isEmpty && !$0.hasPrefix("Warning: ") }
        return line.map { " (\($0.prefix(300)))" } ?? ""
    }

    private static func sentence(_ code: RemoteHostError.Code, _ host: String, _ user: String) -> String {
        switch code {
        case .nameNotFound: "\(host): the name has no address; check it"
        case .refused: "\(host): nothing listens there; is the host up, and is this sshd's port?"
        case .noRoute: "\(host): there is no way to it; check address, firewall and network"
        case .connectTimedOut: "\(host) does not answer; is it up, and does a firewall let port 22 through?"
        case .closedEarly: "\(host) ended the connection before the login; it may still be booting"
        case .permissionDenied: "\(host) does not let user '\(user)' in with this key; check both"
        case .keyUnusable: "the private key for \(host) cannot be used; check it and its passphrase"
        case .hostKeyChanged:
            "\(host) shows another host key than before: it was made anew, or is not the host that you mean"
        case .hostKeyUnknown: "\(host) shows a host key that is not among the known ones"
        case .connectionLost: "the connection to \(host) was lost while the command ran"
        default: "ssh to \(host) failed"
        }
    }
}
