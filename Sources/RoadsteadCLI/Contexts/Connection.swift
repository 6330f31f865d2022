import RoadsteadBasics
import RoadsteadClient

/// A client of the chosen server, logged in, for the length of one command.
struct Connection: Sendable {
    let client: APIClient
    let console: Console
    let clock: any WallClock

    /// Runs `body` with a client. A key logs in when there is no session; a session that the server has forgotten is
    /// made anew by the key once.
    static func run<Value: Sendable>(
        _ options: ConnectionOptions, _ body: (Connection) async throws -> Value
    ) async throws -> Value {
        let console = Console.standard
        let path = ContextsFile.path(console.environment)
        let choice = try ContextChoice.make(
            server: options.server, context: options.context, environment: console.environment,
            file: try ContextsFile.load(path))
        return try await run(choice, path: path, console: console, body)
    }

    private static func run<Value: Sendable>(
        _ choice: ContextChoice, path: String, console: Console, _ body: (Connection) async throws -> Value
    ) async throws -> Value {
        let clock = SystemClock()
        let context = choice.context
        let client = try APIClient(
            server: context.server, session: context.hasSession(at: clock.now) ? context.cookie : nil,
            options: ClientOptions(certificateAuthorities: context.certificateAuthorities))
        let connection = Connection(client: client, console: console, clock: clock)
        do {
            let value = try await connection.retrying(choice, path: path, body)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func retrying<Value: Sendable>(
        _ choice: ContextChoice, path: String, _ body: (Connection) async throws -> Value
    ) async throws -> Value {
        guard let key = choice.context.keyCredential else { return try await body(self) }
        if client.session == nil {
            try await login(key, choice, path: path)
            return try await body(self)
        }
        do {
            return try await body(self)
        } catch let error as RoadsteadError where error.code == .unauthenticated {
            try await login(key, choice, path: path)
            return try await body(self)
        }
    }

    private func login(_ key: LoginCredential, _ choice: ContextChoice, path: String) async throws {
        let session = try await client.login(key)
        guard let name = choice.name else { return }
        var file = try ContextsFile.load(path)
        file.contexts[name]?.cookie = client.session
        file.contexts[name]?.expiry = session["expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        try file.save(path)
    }
}
