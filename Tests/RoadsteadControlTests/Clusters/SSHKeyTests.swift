import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct SSHKeyTests {
    @Test("OpenSSH reads the private key, whatever the length of its comment, and tells the same public key")
    func readable() async throws {
        for comment in ["", "a", "prod", "a-longer-name", "prod-cluster-1"] {
            let pair = SSHKeyPair.ed25519(comment: comment)
            try await TemporaryDirectory.run { folder in
                let path = folder.file("key")
                let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
                let isWritten = FileManager.default.createFile(
                    atPath: path, contents: Data(pair.privateKey.exposed.utf8), attributes: attributes)
                #expect(isWritten)
                let process = Process()
                process.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
                process.arguments = ["-y", "-f", path]
                let output = Pipe()
                process.standardOutput = output
                try process.run()
                process.waitUntilExit()
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                let words = { (line: String) in line.split(separator: " ").prefix(2).map(String.init) }
                #expect(words(text.trimmingCharacters(in: .newlines)) == words(pair.publicKey))
            }
        }
    }
}
