import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead login URL`
struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log in to a server and make it the current context.",
        discussion: """
            The password is read from standard input (--password-stdin), from ROADSTEAD_PASSWORD, or asked for at the \
            terminal; it is never an argument. With --api-key the secret is read in the same way, or from \
            ROADSTEAD_API_SECRET.
            """)

    @Argument(help: ArgumentHelp("The server's address, such as https://roadstead.example.org.", valueName: "url"))
    var server: String

    @Option(name: .shortAndLong, help: "User name or e-mail address (or ROADSTEAD_USER).")
    var user: String?

    @Flag(help: "Read the password (or the API key's secret) from standard input.")
    var passwordStdin = false

    @Option(help: ArgumentHelp("Log in by this API key instead of a user name.", valueName: "credential-id"))
    var apiKey: String?

    @Option(help: ArgumentHelp("Act as this group from now on, such as group/ops.", valueName: "group"))
    var group: String?

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("PEM file of the authority that signed the server's certificate.", valueName: "file"))
    var authorities: String?

    @Option(help: ArgumentHelp("Save it under this name; the host name when absent.", valueName: "name"))
    var context: String?

    func run() async throws {
        let console = Console.standard
        var entry = ServerContext(server: try ServerAddress(server))
        entry.certificateAuthorities = try authorities.map { path throws(RoadsteadError) in try TextFile.read(path) }
        warnWhenClear(entry.server, console)
        let credential = try await credential(console)
        let client = try APIClient(
            server: entry.server, options: ClientOptions(certificateAuthorities: entry.certificateAuthorities))
        do {
            try await logIn(client, credential, &entry)
            await client.shutdown()
        } catch {
            await client.shutdown()
            throw error
        }
        let name = try save(entry, console)
        console.write("Logged in to \(entry.server) as \(entry.user ?? "unknown") (context '\(name)').")
    }

    private func logIn(_ client: APIClient, _ credential: LoginCredential, _ entry: inout ServerContext) async throws {
        var session = try await client.login(credential)
        if let group { session = try await client.switchGroup(to: group.contains("/") ? group : "group/" + group) }
        entry.cookie = client.session
        entry.user = session["identifier"]?.stringValue ?? session["user"]?.stringValue
        entry.expiry = session["expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        if case .apiKey(let key, let secret) = credential { (entry.apiKey, entry.apiSecret) = (key, secret) }
    }

    private func save(_ entry: ServerContext, _ console: Console) throws -> String {
        let path = ContextsFile.path(console.environment)
        var file = try ContextsFile.load(path)
        let name = context ?? file.contexts.first { $0.value.server == entry.server }?.key ?? entry.server.host
        file.contexts[name] = entry
        file.current = name
        try file.save(path)
        return name
    }

    private func credential(_ console: Console) async throws -> LoginCredential {
        if let apiKey {
            return .apiKey(
                key: apiKey, secret: try await secret("ROADSTEAD_API_SECRET", "Secret of the API key", console))
        }
        let user = try await userName(console)
        return .password(user: user, password: try await secret("ROADSTEAD_PASSWORD", "Password of \(user)", console))
    }

    private func userName(_ console: Console) async throws -> String {
        if let name = user ?? console.environment["ROADSTEAD_USER"], !name.isEmpty { return name }
        guard console.isInputTerminal, !passwordStdin else {
            throw RoadsteadError(.invalidInput, "no user is named: add --user NAME, or set ROADSTEAD_USER")
        }
        return try await Prompt.text("User")
    }

    private func secret(_ variable: String, _ question: String, _ console: Console) async throws -> Redacted<String> {
        if passwordStdin { return try await Prompt.secretFromInput("password") }
        if let value = console.environment[variable], !value.isEmpty { return Redacted(value) }
        guard console.isInputTerminal else {
            throw RoadsteadError(
                .invalidInput, "no password is given: pipe it in with --password-stdin, or set \(variable)")
        }
        return try await Prompt.secret(question)
    }

    private func warnWhenClear(_ server: ServerAddress, _ console: Console) {
        guard !server.isSecure, !server.isLoopback else { return }
        console.error("roadstead: warning: \(server) is plain HTTP: the password and all answers travel unencrypted")
    }
}
