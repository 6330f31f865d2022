import RoadsteadBasics

/// SSH and GPG keys: what is kept, and what the answer shows once.
enum KeyPairDraft {
    /// Without a public key a pair is made, whose private part is in the answer and nowhere else. A private key that is
    /// sent along with its public key is kept, sealed.
    static func ssh(_ body: JSONObject) async throws -> ResourceDraft {
        if body["public-key"] != nil { return ResourceDraft(body, extras: shown(body)) }
        guard body["private-key"] == nil else {
            throw RoadsteadError(
                .invalidInput, "a private-key needs its public-key; leave both out to have a pair made")
        }
        let pair = try await SSHKeyPair.generate()
        var credential = body
        credential["public-key"] = .string(pair.publicKey)
        var extras = shown(credential)
        extras["private-key"] = .string(pair.privateKey.exposed)
        return ResourceDraft(credential, extras: extras)
    }

    static func gpg(_ body: JSONObject) -> ResourceDraft { ResourceDraft(body, extras: shown(body)) }

    private static func shown(_ body: JSONObject) -> JSONObject {
        body.filter { ["public-key", "private-key"].contains($0.key) }
    }
}
