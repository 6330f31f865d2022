import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead credential add TYPE NAME`
struct CredentialAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a credential to an infrastructure service, or make an API key.",
        discussion: """
            A second way into a Swarm, a login at a registry, and a key for a program:
              roadstead credential add swarm lab-2 --for lab --cert-path certs
              roadstead credential add registry ci --for hub --username ci --password-stdin
              roadstead credential add api-key robot --ttl 30d
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case swarm, registry
        case apiKey = "api-key"
    }

    @Argument(help: "What it is: swarm, registry or api-key.")
    var type: Kind

    @Argument(help: "What to call it.")
    var name: String

    @Option(
        name: .customLong("for"), help: ArgumentHelp("The infrastructure service that it opens.", valueName: "infra"))
    var parent: String?

    @OptionGroup(title: "Secrets") var input: CredentialInput

    @Option(help: "How long an API key is valid, such as 30d or 12h; for ever when absent.")
    var ttl: KeyLifetime?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (type == .apiKey) == (parent == nil) else {
            throw ValidationError(
                type == .apiKey ? "An API key belongs to you: leave out --for." : "Name the service by --for INFRA.")
        }
        if type == .swarm { try input.validateSwarm(needsTLS: true) }
        if type == .registry { try input.validateRegistry() }
        if ttl != nil, type != .apiKey { throw ValidationError("--ttl is for API keys only.") }
    }

    func run() async throws {
        var template = type == .apiKey ? keyTemplate : try await input.template(type.rawValue)
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

    private var keyTemplate: JSONObject {
        ["href": "credential-template/generate-api-key", "ttl": .integer(Int64(ttl?.seconds ?? 0))]
    }

    private func print(_ answer: ActionAnswer, _ console: Console) throws {
        let id = try answer.requireResource()
        var document: JSONObject = ["id": .string(id.description)]
        document = document.merging(answer.body)
        console.write(
            try Listing.lines(document, output) {
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
