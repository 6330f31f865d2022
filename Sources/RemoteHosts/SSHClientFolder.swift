import Foundation
import RoadsteadBasics

/// A folder that only this user can enter, from which the system's own `ssh` and `scp` enter some hosts at a terminal:
/// configuration, known hosts, private keys and passphrases (mode 0600). Whoever makes it removes it.
public struct SSHClientFolder: Sendable {
    /// A host, and what it is called on the command lines.
    public struct Host: Sendable {
        public let name: String
        public let login: HostLogin

        public init(_ name: String, _ login: HostLogin) { (self.name, self.login) = (name, login) }
    }

    public let path: String
    private let asks: Bool

    /// Throws `invalidInput` for a name that ssh could take for something else, `localFault` when nothing can be written.
    public init(_ hosts: [Host]) throws(RemoteHostError) {
        for host in hosts where !HostAddress.isHost(host.name) {
            throw RemoteHostError(
                .invalidInput, "'\(host.name)' cannot be the name of a host for ssh", host: "\(host.login.address)")
        }
        path = FileManager.default.temporaryDirectory.path + "/roadstead-ssh-" + UUID().uuidString.lowercased()
        let files = SSHClientFiles(hosts, folder: path)
        asks = !files.passphrases.isEmpty
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            for file in files.all { try write(file) }
        } catch {
            remove()
            throw RemoteHostError(
                .localFault, "nothing can be written to \(path), where ssh's files belong", host: "this machine")
        }
    }

    /// Words of a command line that runs `command` on a host, or a shell without one. As ssh has it, the words of the
    /// command become one line for the shell there.
    public func ssh(_ host: String, hasTerminal: Bool, command: [String] = []) -> [String] {
        // What follows `--` is never taken for an option, also behind the host.
        ["ssh", "-F", path + "/config", hasTerminal ? "-t" : "-T", "--", host] + command
    }

    /// Words of a command line that copies. `places` are paths here, and `HOST:PATH` there.
    public func scp(_ options: [String], _ places: [String]) -> [String] {
        ["scp", "-F", path + "/config"] + options + ["--"] + places
    }

    /// What the two programs need in their environment: where passphrases are read, when there are any.
    public var environment: [String: String] {
        asks ? ["SSH_ASKPASS": path + "/askpass", "SSH_ASKPASS_REQUIRE": "force"] : [:]
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func write(_ file: SSHClientFiles.File) throws {
        guard
            FileManager.default.createFile(
                atPath: path + "/" + file.name, contents: Data(file.text.exposed.utf8),
                attributes: [.posixPermissions: file.mode])
        else { throw CocoaError(.fileWriteUnknown) }
    }
}
