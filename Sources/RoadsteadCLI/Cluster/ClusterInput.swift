import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// Which cluster shall be made, and with what: of `cluster create` and `cluster apply`.
struct ClusterInput: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp("A credential of the server that the driver acts with, by its name.", valueName: "name"))
    var credential: String?

    @Option(
        help: ArgumentHelp(
            "Your private key for hosts that exist (or SSH_KEY); it is kept sealed at the server.", valueName: "file"))
    var sshKey: String?

    @Flag(help: "Read the key's passphrase from standard input.")
    var passphraseStdin = false

    func validate() throws {
        if credential != nil, sshKey != nil { throw ValidationError("Give --credential or --ssh-key, not both.") }
        if passphraseStdin, sshKey == nil {
            throw ValidationError("--passphrase-stdin is of the key of --ssh-key FILE.")
        }
    }

    var flags: ClusterCredential.Flags {
        ClusterCredential.Flags(name: credential, keyFile: sshKey, passphraseFromInput: passphraseStdin)
    }

    /// Throws invalidInput for what is no specification, and for keys that cannot be used.
    func making(
        _ document: JSONObject, yes: Bool, _ wait: JobWaitOptions, _ output: OutputOptions, _ connection: Connection
    ) async throws -> ClusterMaking {
        let specification = try ClusterDocument.specification(document)
        if sshKey != nil, !specification.isGeneric {
            throw RoadsteadError(
                .invalidInput,
                "--ssh-key is for hosts that exist; the machines of \(specification.driver) get a key of the cluster's own"
            )
        }
        let choice = try await ClusterCredential.choose(flags, for: document, connection.console.environment)
        return ClusterMaking(
            connection: connection, document: document, credential: choice,
            approval: Approval(console: connection.console, isGiven: yes), wait: wait, output: output)
    }
}
