import Foundation
import RoadsteadBasics
import Subprocess

/// A private key for SSH as the file of its owner holds it: OpenSSH's own form, or PEM.
public struct SSHPrivateKey: Sendable {
    public let text: Redacted<String>
    /// Whether it takes a passphrase to use it.
    public let isEncrypted: Bool

    /// nil when the text holds no private key in a form that OpenSSH reads.
    public init?(_ text: Redacted<String>) {
        let lines = text.exposed.split(whereSeparator: \.isNewline).map(String.init)
        guard let first = lines.first, first.hasPrefix("-----BEGIN "), first.hasSuffix("PRIVATE KEY-----") else {
            return nil
        }
        self.text = text
        isEncrypted =
            first.contains(" OPENSSH ")
            ? Self.hasCipher(lines.dropFirst().prefix { !$0.hasPrefix("-----") }.joined())
            : first.contains(" ENCRYPTED ") || lines.contains { $0.hasPrefix("Proc-Type:") && $0.contains("ENCRYPTED") }
    }

    /// Of OpenSSH's form (PROTOCOL.key): a magic word, then the cipher's name, which is `none` in the clear.
    private static func hasCipher(_ base64: String) -> Bool {
        guard let data = Data(base64Encoded: base64) else { return false }
        return !data.starts(with: Array("openssh-key-v1\0".utf8) + [0, 0, 0, 4] + Array("none".utf8))
    }

    /// Its public half, `TYPE BASE64`, by OpenSSH's `ssh-keygen`.
    ///
    /// Throws `keyUnusable` when the key or the passphrase is wrong, `localFault` when OpenSSH is not installed here.
    public func publicKey(passphrase: Redacted<String>? = nil) async throws(RemoteHostError) -> String {
        let folder = try SSHKeyFolder(self, passphrase)
        defer { folder.remove() }
        let output: String
        do {
            let ended = try await Subprocess.run(
                .name("ssh-keygen"), arguments: ["-y", "-f", folder.path + "/key"],
                environment: .inherit.updating([
                    "SSH_ASKPASS": folder.path + "/askpass", "SSH_ASKPASS_REQUIRE": "force",
                ]),
                input: .none, output: .string(limit: 65_536), error: .discarded)
            output = ended.terminationStatus.isSuccess ? ended.standardOutput : ""
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw Self.failure(.localFault, "there is no 'ssh-keygen' here: install OpenSSH's client")
        } catch { throw Self.failure(.localFault, "ssh-keygen could not be run: \(error)") }
        guard let key = HostKey(output) else {
            let why =
                isEncrypted ? "its passphrase is another one" : "it is damaged, or of a kind that OpenSSH does not read"
            throw Self.failure(.keyUnusable, "the private key cannot be used: \(why)")
        }
        return "\(key)"
    }

    fileprivate static func failure(_ code: RemoteHostError.Code, _ message: String) -> RemoteHostError {
        RemoteHostError(code, message, host: "this machine")
    }
}

/// Where ssh-keygen finds a key and its passphrase; only this user can enter it.
private struct SSHKeyFolder {
    let path: String

    init(_ key: SSHPrivateKey, _ passphrase: Redacted<String>?) throws(RemoteHostError) {
        path = FileManager.default.temporaryDirectory.path + "/roadstead-key-" + UUID().uuidString.lowercased()
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let text = key.text.exposed
            try write("key", text.hasSuffix("\n") ? text : text + "\n")
            if let passphrase { try write("pass", passphrase.exposed + "\n") }
            let answer = passphrase == nil ? "exit 1" : "exec cat \(ShellWord.quoted(path + "/pass"))"
            try write("askpass", "#!/bin/sh\n\(answer)\n", mode: 0o700)
        } catch {
            remove()
            throw SSHPrivateKey.failure(
                .localFault, "nothing can be written to \(path), where ssh-keygen's files belong")
        }
    }

    private func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        guard
            FileManager.default.createFile(
                atPath: path + "/" + name, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
