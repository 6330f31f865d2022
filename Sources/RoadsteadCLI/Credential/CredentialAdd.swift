import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead credential add TYPE NAME`
struct CredentialAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a credential to an infrastructure service, or make a key.",
        discussion: """
            A second way into a Swarm, a login at a registry, and keys:
              roadstead credential add swarm lab-2 --for lab --cert-path certs
              roadstead credential add registry ci --for hub --username ci --password-stdin
              roadstead credential add s3 backup --for store --access-key AK
              roadstead credential add api-key robot --ttl 30d
              roadstead credential add ssh-key deploy --private-key ./deploy
              roadstead credential add ssh-key mine --from ~/.ssh/id_ed25519
              roadstead credential add exoscale cloud
            A cloud's key is taken from the variables of its own tools:
            EXOSCALE_API_KEY and EXOSCALE_API_SECRET, or AWS_ACCESS_KEY_ID and
            AWS_SECRET_ACCESS_KEY.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case swarm, registry, s3, kubernetes
        case helmRepo = "helm-repo"
        case apiKey = "api-key"
        case sshKey = "ssh-key"
        case exoscale, amazonec2

        /// nil for keys and accounts at clouds, which belong to no service.
        var service: ServiceKind? { ServiceKind(rawValue: rawValue) }

        var isCloud: Bool { self == .exoscale || self == .amazonec2 }
    }

    @Argument(
        help: "What it is: swarm, registry, s3, helm-repo, kubernetes, api-key, ssh-key, exoscale or amazonec2.")
    var type: Kind

    @Argument(help: "What to call it.")
    var name: String

    @Option(
        name: .customLong("for"), help: ArgumentHelp("The infrastructure service that it opens.", valueName: "infra"))
    var parent: String?

    @OptionGroup(title: "Secrets") var input: CredentialInput

    @Option(help: "How long an API key is valid, such as 30d or 12h; for ever when absent.")
    var ttl: KeyLifetime?

    @Option(help: ArgumentHelp("Write the private half of a new SSH key to this file.", valueName: "file"))
    var privateKey: String?

    @Option(
        help: ArgumentHelp("Keep the private SSH key of this file, sealed, instead of a new one.", valueName: "file"))
    var from: String?

    @Flag(help: "Read the passphrase of --from FILE from standard input.")
    var passphraseStdin = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (type.service == nil) == (parent == nil) else {
            throw ValidationError(
                type.service == nil ? "A key belongs to you: leave out --for." : "Name the service by --for INFRA.")
        }
        if let kind = type.service { try input.validate(kind, needsTLS: true) }
        if ttl != nil, type != .apiKey { throw ValidationError("--ttl is for API keys only.") }
        guard (type == .sshKey) == (privateKey != nil || from != nil), privateKey == nil || from == nil else {
            throw ValidationError(
                "An SSH key is new (--private-key FILE) or yours (--from FILE); other types have neither.")
        }
        if passphraseStdin, from == nil { throw ValidationError("--passphrase-stdin is of the key of --from FILE.") }
    }

    func run() async throws {
        var template = try await template()
        // Before anything is made: the private half is given once.
        if let privateKey, FileManager.default.fileExists(atPath: privateKey) {
            throw RoadsteadError(.conflict, "\(privateKey) exists; name another file, or remove that one")
        }
        let parent = parent
        try await Connection.run(connection) { connection in
            if let parent {
                let service = try await ResourceLookup.infrastructure(connection.client).id(parent)
                template["parent"] = .string(service.description)
            }
            let answer = try await connection.client.add(
                "credential", ["name": .string(name), "template": .object(template)])
            try print(answer, connection.console)
        }
    }

    private func template() async throws -> JSONObject {
        if let kind = type.service { return try await input.template(kind) }
        if let from { return try await SSHKeyInput.read(from, passphraseFromInput: passphraseStdin).template }
        if type == .sshKey { return ["href": "credential-template/generate-ssh-key"] }
        if type.isCloud { return try CloudAccount.get(type.rawValue, Console.standard.environment).template }
        return ["href": "credential-template/generate-api-key", "ttl": .integer(Int64(ttl?.seconds ?? 0))]
    }

    private func print(_ answer: ActionAnswer, _ console: Console) throws {
        let id = try answer.requireResource()
        var document: JSONObject = ["id": .string(id.description)]
        document = document.merging(answer.body)
        if let privateKey, let secret = answer.body["private-key"]?.stringValue {
            try PrivateFile.write(Array(secret.utf8), to: privateKey)
        }
        // What was sent along is not shown again.
        document["private-key"] = nil
        document["passphrase"] = nil
        console.write(
            try Listing.lines(document, output) {
                if let privateKey {
                    let line = answer.body["public-key"]?.stringValue ?? ""
                    return ["\(line) \(name)", "The private half is in \(privateKey) and nowhere else."]
                }
                guard let secret = answer.body["secret-key"]?.stringValue else { return ["Added '\(name)' (\(id))."] }
                return [
                    "API key: \(id)", "Secret:  \(secret)", "The secret is shown this once; it cannot be read again.",
                ]
            })
    }
}

/// How long an API key lives: `3600`, `12h`, `30d`.
struct KeyLifetime: ExpressibleByArgument, Hashable, Sendable {
    var seconds: Int

    init?(argument: String) {
        if argument.hasSuffix("d") {
            guard let days = Int(argument.dropLast()), (1...36_500).contains(days) else { return nil }
            seconds = days * 86_400
            return
        }
        guard let span = TimeSpan(argument: argument) else { return nil }
        seconds = span.seconds
    }
}
