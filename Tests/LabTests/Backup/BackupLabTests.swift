import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Backups of a running server, restored for another one as on another machine.
@Suite("Backup and restore")
struct BackupLabTests {
    private static let passphrase = "Pp-" + UUID().uuidString

    /// Registers a registry account and gives the credential's id.
    private func addSecret(_ secret: String, _ server: ServerProcess) async throws -> String {
        let added = try await server.cli(
            [
                "infra", "add", "registry", "hub", "--endpoint", "https://127.0.0.1:1", "--username", "ci",
                "--password-stdin", "--no-check",
            ], input: secret)
        #expect(added.status == 0, "\(added.transcript)")
        let listed = try await server.cli(["credential", "ls", "-q"])
        return listed.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func password(of credential: String, _ server: ServerProcess) async throws -> String? {
        let read = try await server.cli(["api", "get", credential])
        #expect(read.status == 0, "\(read.transcript)")
        return try JSONValue.parse(read.output)["password"]?.stringValue
    }

    /// Of the store with its key, in the server's folder.
    private func wholeBackup(of server: ServerProcess) async throws -> String {
        let file = server.folder.file("whole.backup")
        let made = try await server.cli(
            ["backup", "create", file, "--data", server.data, "--with-key", "--passphrase-stdin"],
            input: Self.passphrase)
        #expect(made.status == 0, "\(made.transcript)")
        return file
    }

    @Test("a backup of a running server with its key, restored elsewhere, logs people in and opens their secrets")
    func withKey() async throws {
        let secret = "registry-" + UUID().uuidString
        try await ServerProcess.with { server in
            let credential = try await addSecret(secret, server)
            let file = try await wholeBackup(of: server)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            let key = try String(contentsOfFile: server.data + "/roadstead.key", encoding: .utf8)
            let bytes = try Data(contentsOf: URL(filePath: file))
            for hidden in [secret, Self.passphrase, key.trimmingCharacters(in: .whitespacesAndNewlines)] {
                #expect(bytes.firstRange(of: Data(hidden.utf8)) == nil)
            }
            // What happens afterwards is not in it.
            _ = try await server.cli(["infra", "rm", "hub"])
            let verified = try await server.cli(
                ["backup", "verify", file, "--passphrase-stdin"], input: Self.passphrase)
            #expect(verified.status == 0 && verified.output.contains("opens the key"), "\(verified.transcript)")
            let wrong = try await server.cli(
                ["backup", "verify", file, "--passphrase-stdin"], input: "not that one at all")
            #expect(wrong.status == 3, "\(wrong.transcript)")
            try await restored(file, passphrase: Self.passphrase) { other in
                let found = try await password(of: credential, other)
                #expect(found == secret)
            }
        }
    }

    /// Restores into a folder of its own, and runs another server there.
    private func restored(
        _ file: String, passphrase: String?, prepare: (String) throws -> Void = { _ in },
        _ body: (ServerProcess) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.run { folder in
            let other = try ServerProcess(folder: folder)
            defer { other.kill(SIGKILL) }
            let arguments = ["backup", "restore", file, "--data", other.data]
            let result = try await other.cli(
                arguments + (passphrase == nil ? [] : ["--passphrase-stdin"]), input: passphrase)
            #expect(result.status == 0, "\(result.transcript)")
            try prepare(other.data)
            try await other.start()
            try await other.login()
            try await body(other)
            let again = try await other.cli(arguments + ["--passphrase-stdin"], input: passphrase ?? "none at all here")
            #expect(again.status == 3 || again.status == 1, "\(again.transcript)")
        }
    }

    @Test("a backup is restored on another machine over the network, whose server opens the secrets at its own address")
    func otherMachine() async throws {
        let lab = try LabHosts.required()
        let secret = "registry-" + UUID().uuidString
        try await ServerProcess.with { server in
            let credential = try await addSecret(secret, server)
            let file = try await wholeBackup(of: server)
            // Nothing of the first machine is left to lean on.
            server.kill(SIGKILL)
            try FileManager.default.removeItem(atPath: server.data)
            try await OtherMachine.with(lab, host: "h3") { machine in
                try await machine.copy(file, to: "whole.backup")
                let data = machine.folder + "/data"
                try await machine.roadstead(
                    "backup restore \(machine.folder)/whole.backup --data \(data) --passphrase-stdin",
                    input: Self.passphrase)
                let (address, process) = try await machine.serve(data: data)
                let login = try await server.cli(
                    ["login", address, "--user", "admin", "--password-stdin", "--context", "there"],
                    input: ServerProcess.password)
                #expect(login.status == 0, "\(login.transcript)")
                let found = try await password(of: credential, server)
                #expect(found == secret)
                try await machine.run("kill \(process)")
            }
        }
    }

    @Test("without its key a restore says which file is needed, and works with it")
    func withoutKey() async throws {
        let secret = "registry-" + UUID().uuidString
        try await ServerProcess.with { server in
            let credential = try await addSecret(secret, server)
            let file = server.folder.file("bare.backup")
            let made = try await server.cli(["backup", "create", file, "--data", server.data])
            #expect(made.status == 0 && made.output.contains("roadstead.key"), "\(made.transcript)")
            let twice = try await server.cli(["backup", "create", file, "--data", server.data])
            #expect(twice.status == 3, "\(twice.transcript)")
            server.kill(SIGTERM)
            let key = server.data + "/roadstead.key"
            let bring = { (data: String) in
                try FileManager.default.copyItem(atPath: key, toPath: data + "/roadstead.key")
            }
            try await restored(file, passphrase: nil, prepare: bring) { other in
                let found = try await password(of: credential, other)
                #expect(found == secret)
            }
        }
    }

    @Test("what is damaged, is no backup, or is not there, is refused and restores nothing")
    func damaged() async throws {
        try await ServerProcess.with { server in
            let file = server.folder.file("good.backup")
            #expect(try await server.cli(["backup", "create", file, "--data", server.data]).status == 0)
            let good = try Data(contentsOf: URL(filePath: file))
            let target = server.folder.file("elsewhere")
            let contents: [(String, Data, Int32)] = [
                ("cut", good.prefix(good.count / 2), 2), ("text", Data("hello, this is no backup".utf8), 3),
                ("empty", Data(), 3),
            ]
            for (name, bytes, status) in contents {
                let path = server.folder.file(name)
                try bytes.write(to: URL(filePath: path))
                let verified = try await server.cli(["backup", "verify", path])
                #expect(verified.status == status, "\(name): \(verified.transcript)")
                #expect(try await server.cli(["backup", "restore", path, "--data", target]).status != 0, "\(name)")
            }
            #expect(try await server.cli(["backup", "verify", server.folder.file("nosuch")]).status == 3)
            #expect(!FileManager.default.fileExists(atPath: target + "/roadstead.sqlite"))
        }
    }
}
