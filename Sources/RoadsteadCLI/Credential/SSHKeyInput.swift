import ArgumentParser
import RemoteHosts
import RoadsteadBasics
import RoadsteadClient

/// A private key for SSH in a file of the user's, ready to be kept at the server.
struct SSHKeyInput: Sendable {
    let path: String
    /// `TYPE BASE64`.
    let publicKey: String
    private let text: Redacted<String>
    private let passphrase: Redacted<String>?

    /// Reads the file, and asks for the passphrase where the key has one. Throws invalidInput for what is no private key,
    /// and for a passphrase that does not open it.
    static func read(_ path: String, passphraseFromInput: Bool) async throws -> SSHKeyInput {
        let text = Redacted(try TextFile.read(path))
        guard let key = SSHPrivateKey(text) else { throw refusal(path, text) }
        var passphrase: Redacted<String>?
        if key.isEncrypted {
            let source = SecretSource(
                what: "passphrase of \(path)", variable: "ROADSTEAD_SSH_PASSPHRASE", flag: "--passphrase-stdin",
                question: "Passphrase of \(path)")
            passphrase = try await source.read(fromInput: passphraseFromInput)
        }
        do {
            let publicKey = try await key.publicKey(passphrase: passphrase)
            return SSHKeyInput(path: path, publicKey: publicKey, text: text, passphrase: passphrase)
        } catch {
            let code: RoadsteadError.Code = error.code == .localFault ? .unavailable : .invalidInput
            throw RoadsteadError(code, "\(path): \(error.message)")
        }
    }

    private init(path: String, publicKey: String, text: Redacted<String>, passphrase: Redacted<String>?) {
        (self.path, self.publicKey, self.text, self.passphrase) = (path, publicKey, text, passphrase)
    }

    private static func refusal(_ path: String, _ text: Redacted<String>) -> RoadsteadError {
        let advice =
            text.exposed.hasPrefix("PuTTY-User-Key-File")
            ? "it is PuTTY's: convert it by `puttygen \(path) -O private-openssh -o FILE`"
            : text.exposed.hasPrefix("ssh-") || text.exposed.hasPrefix("ecdsa-")
                ? "it is a public key: give the file of its private half" : "expected -----BEGIN … PRIVATE KEY-----"
        return RoadsteadError(.invalidInput, "\(path) holds no private key for SSH: \(advice)")
    }

    /// What a credential of it is made from.
    var template: JSONObject {
        var template: JSONObject = [
            "href": "credential-template/generate-ssh-key", "public-key": .string(publicKey),
            "private-key": .string(text.exposed),
        ]
        template["passphrase"] = passphrase.map { .string($0.exposed) }
        return template
    }

    /// The credential that holds this key whole; nil when there is none, or only its public half is kept.
    func find(_ client: APIClient) async throws(RoadsteadError) -> JSONObject? {
        let query = ClientQuery(
            filter: "subtype='ssh-key'", orderBy: "created:asc", select: ["name", "public-key"])
        let candidates = try await client.query("credential", query).documents.filter {
            Self.isSame($0.text("public-key"), publicKey)
        }
        for candidate in candidates {
            let whole = try await client.get(try candidate.requireID())
            if whole["private-key"] != nil { return candidate }
        }
        return nil
    }

    /// Comments do not count.
    static func isSame(_ left: String, _ right: String) -> Bool {
        func words(_ text: String) -> [Substring] { Array(text.split(separator: " ").prefix(2)) }
        return words(left) == words(right)
    }
}
