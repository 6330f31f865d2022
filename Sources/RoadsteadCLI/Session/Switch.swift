import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead switch [GROUP]`
struct Switch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Act for a group from now on, or for yourself again when none is named.",
        discussion: """
            What you make then belongs to the group, and what is shared with it is yours to see. Administrators: \
            `roadstead switch nuvla-admin`.
            """)

    @Argument(help: "Identifier, id or name of the group; nothing to act for yourself.")
    var group: String?

    @Flag(help: "Take the rights of all groups below it along.")
    var extended = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.standard
        let path = ContextsFile.path(console.environment)
        let choice = try ContextChoice.make(
            server: connection.server, context: connection.context, environment: console.environment,
            file: try ContextsFile.load(path))
        guard let name = choice.name else {
            throw RoadsteadError(
                .invalidInput, "there is no saved session to switch: log in first (keys of the environment save none)")
        }
        let client = try APIClient(
            server: choice.context.server,
            session: choice.context.hasSession(at: SystemClock().now) ? choice.context.cookie : nil,
            options: ClientOptions(certificateAuthorities: choice.context.certificateAuthorities))
        do {
            let session = try await switched(client, choice.context)
            await client.shutdown()
            try save(session, client.session, name, path)
            console.write("Acting as \(session.text("active-claim")) at \(client.server) (context '\(name)').")
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func switched(_ client: APIClient, _ context: ServerContext) async throws -> JSONObject {
        if client.session == nil, let key = context.keyCredential { _ = try await client.login(key) }
        let claim: String
        if let group {
            claim = try await GroupLookup(client: client).get(group).description
        } else {
            claim = try await client.whoAmI().user.description
        }
        return try await client.switchGroup(to: claim, extended: extended)
    }

    private func save(_ session: JSONObject, _ cookie: Redacted<String>?, _ name: String, _ path: String) throws {
        var file = try ContextsFile.load(path)
        file.contexts[name]?.cookie = cookie
        file.contexts[name]?.expiry = Instant(rfc3339: session.text("expiry"))
        try file.save(path)
    }
}
