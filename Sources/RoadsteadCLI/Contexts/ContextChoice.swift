import RoadsteadBasics
import RoadsteadClient

/// Which server and identity a command uses, decided from its options, the environment and the contexts file.
///
/// Order: `--server`, `--context`, `ROADSTEAD_SERVER`, `ROADSTEAD_CONTEXT`, the current context. A key in
/// `ROADSTEAD_API_KEY` and `ROADSTEAD_API_SECRET` is used for any of them and never written down.
struct ContextChoice: Sendable {
    /// The name under which a new session is saved; nil when nothing is saved.
    var name: String?
    var context: ServerContext

    static func make(
        server: String?, context: String?, environment: [String: String], file: ContextsFile
    ) throws(RoadsteadError) -> ContextChoice {
        var choice = try choose(server: server, context: context, environment: environment, file: file)
        if let key = environment["ROADSTEAD_API_KEY"], let secret = environment["ROADSTEAD_API_SECRET"] {
            choice.name = nil
            choice.context.cookie = nil
            choice.context.apiKey = key
            choice.context.apiSecret = Redacted(secret)
        }
        return choice
    }

    private static func choose(
        server: String?, context: String?, environment: [String: String], file: ContextsFile
    ) throws(RoadsteadError) -> ContextChoice {
        if let server { return try named(server, file) }
        if let context { return try known(context, file) }
        if let server = environment["ROADSTEAD_SERVER"], !server.isEmpty { return try named(server, file) }
        if let context = environment["ROADSTEAD_CONTEXT"], !context.isEmpty { return try known(context, file) }
        guard let current = file.current else {
            throw RoadsteadError(.unauthenticated, "no server is known yet: run `roadstead login URL` first")
        }
        return try known(current, file)
    }

    private static func known(_ name: String, _ file: ContextsFile) throws(RoadsteadError) -> ContextChoice {
        guard let context = file.contexts[name] else {
            let names = file.contexts.keys.sorted().joined(separator: ", ")
            throw RoadsteadError(
                .notFound, "there is no context '\(name)'; " + (names.isEmpty ? "none is known yet" : "known: \(names)")
            )
        }
        return ContextChoice(name: name, context: context)
    }

    /// The saved context of that server, the current one first; otherwise nobody in particular.
    private static func named(_ text: String, _ file: ContextsFile) throws(RoadsteadError) -> ContextChoice {
        let address = try ServerAddress(text)
        let names = file.contexts.filter { $0.value.server == address }.keys.sorted()
        guard let name = names.first(where: { $0 == file.current }) ?? names.first, let context = file.contexts[name]
        else { return ContextChoice(name: nil, context: ServerContext(server: address)) }
        return ContextChoice(name: name, context: context)
    }
}
