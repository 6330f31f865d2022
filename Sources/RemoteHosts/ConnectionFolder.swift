import Foundation
import RoadsteadBasics

/// A folder that only this user can enter, with all that a connection needs: configuration, known hosts, private keys,
/// passphrases (both mode 0600) and the socket of the shared connection. Removed when the connection is closed.
struct ConnectionFolder: Sendable {
    let path: String

    static let prefix = "rsh-"

    /// A socket's path has at most 108 bytes, of which ssh takes 18 for a temporary name.
    static var base: String {
        let usual = FileManager.default.temporaryDirectory.path
        return usual.utf8.count > 50 ? "/tmp" : usual
    }

    init(path: String) { self.path = path }

    /// Throws `localFault` when nothing can be written there.
    init(_ login: HostLogin) throws(RemoteHostError) {
        Self.sweepOnce()
        let path = Self.base + "/" + Self.prefix + UUID().uuidString.prefix(13).lowercased()
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try fill(login)
        } catch {
            remove()
            throw RemoteHostError(
                .localFault, "nothing can be written to \(path), where ssh's files belong", host: "\(login.address)")
        }
    }

    private func fill(_ login: HostLogin) throws {
        // First: what has no owner is never swept.
        if let owner = ProcessMark.own() { try write("owner", owner.text) }
        try write("config", SSHConfiguration.text(login, folder: path))
        try write("known_hosts", SSHConfiguration.knownHosts(login))
        try write(login.authentication, as: "key")
        if let jump = login.jump?.authentication { try write(jump, as: "jump-key") }
        if login.authentication.passphrase != nil || login.jump?.authentication?.passphrase != nil {
            try write("askpass", askpass(login), mode: 0o700)
        }
    }

    private func write(_ authentication: HostAuthentication, as name: String) throws {
        if case .key(let text, _) = authentication {
            try write(name, text.exposed.hasSuffix("\n") ? text.exposed : text.exposed + "\n")
        }
        if let passphrase = authentication.passphrase { try write(name + ".pass", passphrase.exposed + "\n") }
    }

    /// ssh runs it with its question as argument, which names the key's file: "Enter passphrase for key 'PATH': ".
    private func askpass(_ login: HostLogin) -> String {
        let here = ShellWord.quoted(path)
        var text = "#!/bin/sh\ncase $1 in\n"
        if let jump = login.jump?.authentication, jump.passphrase != nil {
            let file: String
            if case .file(let path, _) = jump { file = path } else { file = path + "/jump-key" }
            text += "*\(ShellWord.quoted("'\(file)'"))*) exec cat \(here)/jump-key.pass ;;\n"
        }
        return text + "*) exec cat \(here)/key.pass ;;\nesac\n"
    }

    private func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        guard
            FileManager.default.createFile(
                atPath: path + "/" + name, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown) }
    }

    /// The keys that host and jump host have shown or were known by.
    func hostKeys(of name: String) -> [HostKey] {
        let text = (try? String(contentsOfFile: path + "/known_hosts", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix(name + " ") }.compactMap { HostKey(String($0)) }
    }

    /// Secrets first. The rest may take a second try: an ssh that ends removes its socket at the same time, and the removal
    /// gives up at a file that has gone.
    func remove() {
        for name in ["key", "key.pass", "jump-key", "jump-key.pass"] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        for _ in 0..<5 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
