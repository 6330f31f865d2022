import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead logout`
struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End the session and forget what lets you in; the server's address is kept.")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.standard
        let path = ContextsFile.path(console.environment)
        var file = try ContextsFile.load(path)
        let choice = try ContextChoice.make(
            server: connection.server, context: connection.context, environment: console.environment, file: file)
        guard let name = choice.name, let context = file.contexts[name] else {
            throw RoadsteadError(.notFound, "there is no session at \(choice.context.server) to end")
        }
        file.contexts[name] = forgotten(context)
        try file.save(path)
        let problem = await endSession(context)
        console.write("Logged out of \(context.server).")
        if let problem { console.error("roadstead: warning: the session could not be ended there: \(problem)") }
    }

    private func forgotten(_ context: ServerContext) -> ServerContext {
        var context = context
        (context.cookie, context.expiry, context.apiKey, context.apiSecret) = (nil, nil, nil, nil)
        return context
    }

    /// What is forgotten here must be so even when the server does not answer.
    private func endSession(_ context: ServerContext) async -> String? {
        guard let cookie = context.cookie else { return nil }
        do {
            let client = try APIClient(
                server: context.server, session: cookie,
                options: ClientOptions(certificateAuthorities: context.certificateAuthorities))
            do throws(RoadsteadError) {
                try await client.logout()
                await client.shutdown()
            } catch {
                await client.shutdown()
                return error.message
            }
            return nil
        } catch { return error.message }
    }
}
