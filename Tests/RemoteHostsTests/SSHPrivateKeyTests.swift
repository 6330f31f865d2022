import Foundation
import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("Private keys of a user")
struct SSHPrivateKeyTests {
    /// Makes a key by ssh-keygen; answers its private and its public half.
    private func make(_ arguments: [String], passphrase: String = "") throws -> (Redacted<String>, String) {
        let path = NSTemporaryDirectory() + "key-" + UUID().uuidString
        defer { for file in [path, path + ".pub"] { try? FileManager.default.removeItem(atPath: file) } }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["ssh-keygen", "-q", "-N", passphrase, "-C", "test", "-f", path] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let line = try String(contentsOfFile: path + ".pub", encoding: .utf8)
        let words = line.split(separator: " ").prefix(2).joined(separator: " ")
        return (Redacted(try String(contentsOfFile: path, encoding: .utf8)), words)
    }

    @Test(
        "the public half is found, in OpenSSH's form and in PEM",
        arguments: [["-t", "ed25519"], ["-t", "ecdsa"], ["-t", "rsa", "-b", "2048", "-m", "PEM"]])
    func plain(_ arguments: [String]) async throws {
        let (text, expected) = try make(arguments)
        let key = try #require(SSHPrivateKey(text))
        #expect(!key.isEncrypted)
        #expect(try await key.publicKey() == expected)
    }

    @Test(
        "a key with a passphrase is known as such, and takes the right one only",
        arguments: [["-t", "ed25519"], ["-t", "rsa", "-b", "2048", "-m", "PEM"]])
    func encrypted(_ arguments: [String]) async throws {
        let (text, expected) = try make(arguments, passphrase: "open sesame")
        let key = try #require(SSHPrivateKey(text))
        #expect(key.isEncrypted)
        #expect(try await key.publicKey(passphrase: Redacted("open sesame")) == expected)
        for wrong in [Redacted("sesame"), nil] {
            await #expect { try await key.publicKey(passphrase: wrong) } throws: {
                ($0 as? RemoteHostError)?.code == .keyUnusable
            }
        }
    }

    @Test("other texts are no private keys", arguments: ["", "ssh-ed25519 AAAA", "-----BEGIN CERTIFICATE-----\n"])
    func others(_ text: String) { #expect(SSHPrivateKey(Redacted(text)) == nil) }
}
