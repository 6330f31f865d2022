import RoadsteadBasics

/// The files of an `SSHClientFolder`, as texts; pure.
struct SSHClientFiles: Sendable {
    struct File: Sendable {
        var name: String
        var text: Redacted<String>
        var mode = 0o600
    }

    private let hosts: [SSHClientFolder.Host]
    private let folder: String
    /// Each with the path of its key, by which ssh asks for it.
    let passphrases: [(key: String, file: String, text: Redacted<String>)]

    init(_ hosts: [SSHClientFolder.Host], folder: String) {
        (self.hosts, self.folder) = (hosts, folder)
        passphrases = hosts.enumerated().flatMap { index, host in
            Self.keys(index, host).compactMap { name, authentication in
                guard let passphrase = authentication.passphrase else { return nil }
                var key = folder + "/" + name
                if case .file(let path, _) = authentication { key = path }
                return (key, name + ".pass", passphrase)
            }
        }
    }

    var all: [File] {
        let keys = hosts.enumerated().flatMap { index, host in
            Self.keys(index, host).compactMap { name, authentication -> File? in
                guard case .key(let text, _) = authentication else { return nil }
                let isWhole = text.exposed.hasSuffix("\n")
                return File(name: name, text: Redacted(isWhole ? text.exposed : text.exposed + "\n"))
            }
        }
        let words = passphrases.map { File(name: $0.file, text: Redacted($0.text.exposed + "\n")) }
        let asking = passphrases.isEmpty ? [] : [File(name: "askpass", text: Redacted(askpass), mode: 0o700)]
        return keys + words + asking + [
            File(name: "config", text: Redacted(configuration)), File(name: "known_hosts", text: Redacted(knownHosts)),
        ]
    }

    /// Names of the private keys of a host: of its own, and of its jump host where that has another.
    private static func keys(_ index: Int, _ host: SSHClientFolder.Host) -> [(String, HostAuthentication)] {
        let jump = host.login.jump?.authentication.map { ("jump-key-\(index)", $0) }
        return [("key-\(index)", host.login.authentication)] + [jump].compactMap(\.self)
    }

    /// No host can be named so.
    private static func jumpName(_ host: SSHClientFolder.Host) -> String { host.name + "..jump" }

    var configuration: String {
        var lines: [String] = []
        for (index, host) in hosts.enumerated() {
            let login = host.login
            lines += SSHConfiguration.host(
                host.name, login.address, login.user, login.trust, login.authentication, key: "key-\(index)",
                folder: folder)
            guard let jump = login.jump else { continue }
            lines.append("  ProxyJump \(Self.jumpName(host))")
            lines += SSHConfiguration.host(
                Self.jumpName(host), jump.address, jump.user, jump.trust, jump.authentication ?? login.authentication,
                key: jump.authentication == nil ? "key-\(index)" : "jump-key-\(index)", folder: folder)
        }
        let common = [
            "Host *", "  UserKnownHostsFile \(SSHConfiguration.quoted(folder + "/known_hosts"))",
            "  GlobalKnownHostsFile none", "  PreferredAuthentications publickey", "  ConnectTimeout 20",
            "  ServerAliveInterval 15", "  ServerAliveCountMax 4", "  HashKnownHosts no", "  UpdateHostKeys no",
            "  CheckHostIP no", "  ForwardAgent no", "  ForwardX11 no", "  PermitLocalCommand no",
        ]
        return (lines + common).joined(separator: "\n") + "\n"
    }

    var knownHosts: String {
        var lines: [String] = []
        for host in hosts {
            if case .known(let keys) = host.login.trust { lines += keys.map { "\(host.name) \($0)\n" } }
            if case .known(let keys)? = host.login.jump?.trust {
                lines += keys.map { "\(Self.jumpName(host)) \($0)\n" }
            }
        }
        return lines.joined()
    }

    /// ssh runs it with its question as argument, which names the key's file: "Enter passphrase for key 'PATH': ".
    private var askpass: String {
        let cases = passphrases.map { key, file, _ in
            "*\(ShellWord.quoted("'\(key)'"))*) exec cat \(ShellWord.quoted(folder + "/" + file)) ;;\n"
        }
        return "#!/bin/sh\ncase $1 in\n" + cases.joined() + "*) exit 1 ;;\nesac\n"
    }
}
