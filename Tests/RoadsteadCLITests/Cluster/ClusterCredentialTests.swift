import Foundation
import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterCredentialTests {
    private let environment = ["EXOSCALE_API_KEY": "EXO1", "EXOSCALE_API_SECRET": "right"]

    /// Ensures the credential at a server that answers so; answers its id, and the bodies of what changed something.
    private func ensure(
        _ credential: ClusterCredential, _ answers: [String: String]
    ) async throws -> (id: String?, changes: [JSONValue]) {
        try await ScriptedServer.with(answers.mapValues { [.json($0)] }) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, clock: SkippingClock())
            let console = Console(isOutputTerminal: false, isInputTerminal: false, environment: [:])
            let connection = Connection(client: client, console: console, clock: SkippingClock())
            let id: ResourceID?
            do { id = try await credential.ensure(for: "prod", connection) } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
            let changes = server.requests.filter {
                $0.line.hasPrefix("POST") || $0.line.hasPrefix("PUT /api/credential/")
            }
            return (id?.description, changes.compactMap { try? JSONValue.parse($0.body) })
        }
    }

    private func key(_ folder: TemporaryFolder) async throws -> SSHKeyInput {
        let path = folder.path + "/key"
        let made = try await TerminalProgram.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path])
        try #require(made.code == 0)
        return try await SSHKeyInput.read(path, passphraseFromInput: false)
    }

    @Test("an account that the server has is used again, and its secret put right when it is another")
    func account() async throws {
        let account = ClusterCredential.account(try CloudAccount.get("exoscale", environment))
        let found = #"{"resources":[{"id":"credential/1","name":"cloud"}]}"#
        func kept(_ secret: String) -> [String: String] {
            let document = #"{"id":"credential/1","exoscale-api-secret-key":"\#(secret)"}"#
            return ["PUT /api/credential": found, "GET /api/credential/1": document, "PUT /api/credential/1": document]
        }
        let same = try await ensure(account, kept("right"))
        #expect(same.id == "credential/1" && same.changes == [])
        let other = try await ensure(account, kept("wrong"))
        #expect(other.changes == [["exoscale-api-secret-key": "right"]])
        // Whoever may not read the secret may not change it either.
        let hidden = try await ensure(
            account, ["PUT /api/credential": found, "GET /api/credential/1": #"{"id":"credential/1"}"#])
        #expect(hidden.id == "credential/1" && hidden.changes == [])
        let new = try await ensure(
            account,
            ["PUT /api/credential": #"{"resources":[]}"#, "POST /api/credential": #"{"resource-id":"credential/2"}"#])
        #expect(new.id == "credential/2")
        #expect(new.changes.first?["name"] == "prod-exoscale")
        #expect(new.changes.first?["template"]?["exoscale-api-secret-key"] == "right")
    }

    @Test(
        "a key that the server keeps whole is used again, whatever its comment; one of which it has half is kept anew")
    func sshKey() async throws {
        let folder = try TemporaryFolder()
        let key = try await key(folder)
        let listed = #"{"resources":[{"id":"credential/1","name":"k","public-key":"\#(key.publicKey) me@here"}]}"#
        let whole = try await ensure(
            .key(key),
            ["PUT /api/credential": listed, "GET /api/credential/1": #"{"id":"credential/1","private-key":"x"}"#])
        #expect(whole.id == "credential/1" && whole.changes == [])
        let half = try await ensure(
            .key(key),
            [
                "PUT /api/credential": listed, "GET /api/credential/1": #"{"id":"credential/1"}"#,
                "POST /api/credential": #"{"resource-id":"credential/2"}"#,
            ])
        #expect(half.id == "credential/2")
        let text = try String(contentsOfFile: folder.path + "/key", encoding: .utf8)
        #expect(half.changes.first?["template"]?["private-key"]?.stringValue == text)
        #expect(half.changes.first?["template"]?["public-key"]?.stringValue == key.publicKey)
        #expect(!String(describing: key).contains("PRIVATE KEY"))
    }

    @Test("a public key, PuTTY's and any other text are no private key, and it is said what to do")
    func noKey() async throws {
        let folder = try TemporaryFolder()
        for (text, word) in [
            ("ssh-ed25519 AAAA me", "the file of its private half"), ("PuTTY-User-Key-File-3: x", "puttygen"),
            ("hello", "-----BEGIN"),
        ] {
            let path = try folder.write("key", text)
            await #expect { _ = try await SSHKeyInput.read(path, passphraseFromInput: false) } throws: {
                ($0 as? RoadsteadError)?.code == .invalidInput
                    && ($0 as? RoadsteadError)?.message.contains(word) == true
            }
        }
    }
}
