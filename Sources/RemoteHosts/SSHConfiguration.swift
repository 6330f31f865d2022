/// The text of a configuration file for OpenSSH's client that holds all of a connection (ssh_config(5)), so that neither
/// the user's own configuration nor its known hosts matter, and nothing of it shows in an argument list.
enum SSHConfiguration {
    /// Names by which host and jump host are known in the two files: what they are called elsewhere does not matter.
    static let target = "target"
    static let jump = "jump"

    static func text(_ login: HostLogin, folder: String) -> String {
        var lines = host(
            target, login.address, login.user, login.trust, login.authentication, key: "key", folder: folder)
        lines += [
            "  ControlMaster auto", "  ControlPath \(quoted(folder + "/c"))", "  ControlPersist 120",
        ]
        if let jump = login.jump {
            lines.append("  ProxyJump \(Self.jump)")
            lines += host(
                Self.jump, jump.address, jump.user, jump.trust, jump.authentication ?? login.authentication,
                key: jump.authentication == nil ? "key" : "jump-key", folder: folder)
        }
        let asks = login.authentication.passphrase != nil || login.jump?.authentication?.passphrase != nil
        return (lines + common(folder: folder, batch: !asks)).joined(separator: "\n") + "\n"
    }

    private static func common(folder: String, batch: Bool) -> [String] {
        [
            "Host *", "  UserKnownHostsFile \(quoted(folder + "/known_hosts"))", "  GlobalKnownHostsFile none",
            "  BatchMode \(batch ? "yes" : "no")", "  NumberOfPasswordPrompts 1",
            "  PreferredAuthentications publickey",
            "  ConnectTimeout 10", "  ConnectionAttempts 1", "  ServerAliveInterval 10", "  ServerAliveCountMax 3",
            "  HashKnownHosts no", "  UpdateHostKeys no", "  CheckHostIP no", "  ForwardAgent no", "  ForwardX11 no",
            "  ClearAllForwardings yes", "  PermitLocalCommand no", "  RequestTTY no",
        ]
    }

    /// What is particular to one host.
    static func host(
        _ name: String, _ address: HostAddress, _ user: String, _ trust: HostKeyTrust,
        _ authentication: HostAuthentication, key: String, folder: String
    ) -> [String] {
        let strict =
            switch trust {
            case .known: "yes"
            case .firstContact: "accept-new"
            }
        var lines = [
            "Host \(name)", "  HostName \(address.host)", "  Port \(address.port)", "  User \(user)",
            "  HostKeyAlias \(name)", "  StrictHostKeyChecking \(strict)",
        ]
        switch authentication {
        case .key:
            lines += ["  IdentityFile \(quoted(folder + "/" + key))", "  IdentitiesOnly yes", "  IdentityAgent none"]
        case .file(let path, _):
            lines += ["  IdentityFile \(quoted(path))", "  IdentitiesOnly yes", "  IdentityAgent none"]
        case .agent(let socket): lines += ["  IdentityAgent \(quoted(socket))", "  IdentityFile none"]
        }
        if case .known(let keys) = trust, !keys.isEmpty {
            lines.append("  HostKeyAlgorithms \(algorithms(keys))")
        }
        return lines
    }

    /// Only the kinds of key that are known are asked for: the host would else show its favourite one, which we may not have.
    private static func algorithms(_ keys: [HostKey]) -> String {
        var names: [String] = []
        for key in keys {
            let own = key.type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [key.type]
            names += own.filter { !names.contains($0) }
        }
        return names.joined(separator: ",")
    }

    /// A value in double quotes; `%` begins a token there.
    static func quoted(_ path: String) -> String {
        "\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%") + "\""
    }

    static func knownHosts(_ login: HostLogin) -> String {
        var lines: [String] = []
        if case .known(let keys) = login.trust { lines += keys.map { "\(target) \($0)" } }
        if case .known(let keys)? = login.jump?.trust { lines += keys.map { "\(jump) \($0)" } }
        return lines.map { $0 + "\n" }.joined()
    }
}
