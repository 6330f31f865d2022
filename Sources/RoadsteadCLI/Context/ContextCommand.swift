import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead context`
struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "The servers that you have logged in to, and which one is used.",
        subcommands: [ContextList.self, ContextUse.self, ContextShow.self, ContextRemove.self])
}

/// The contexts as people see them: no sessions, no secrets.
enum ContextText {
    static func document(_ name: String, _ file: ContextsFile, now: Instant) -> JSONObject {
        let context = file.contexts[name]
        var document: JSONObject = ["id": .string(name), "current": .bool(name == file.current)]
        document["server"] = context.map { .string($0.server.description) }
        document["user"] = context?.user.map(JSONValue.string)
        document["session"] = .string(session(context, now: now))
        document["session-expiry"] = context?.expiry.map { .string($0.description) }
        document["api-key"] = context?.apiKey.map(JSONValue.string)
        return document
    }

    private static func session(_ context: ServerContext?, now: Instant) -> String {
        guard let context else { return "none" }
        if context.hasSession(at: now) { return "open" }
        return context.keyCredential != nil ? "by key" : context.cookie == nil ? "none" : "ended"
    }

    /// Throws notFound that names what there is.
    static func require(_ name: String, _ file: ContextsFile) throws(RoadsteadError) {
        _ = try ContextChoice.make(server: nil, context: name, environment: [:], file: file)
    }
}

/// `roadstead context ls`
struct ContextList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the contexts.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let file = try ContextsFile.load(ContextsFile.path(console.environment))
        let now = SystemClock().now
        let documents = file.contexts.keys.sorted().map { ContextText.document($0, file, now: now) }
        console.write(try Self.listing(documents).lines(output))
    }

    static func listing(_ documents: [JSONObject]) -> Listing {
        Listing(
            documents: documents,
            columns: [
                .init("CURRENT") { $0["current"] == true ? "*" : "" }, .init("NAME", key: "id"),
                .init("SERVER", key: "server"), .init("USER", key: "user"), .init("SESSION", key: "session"),
            ])
    }
}

/// `roadstead context use NAME`
struct ContextUse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Use this context from now on.")

    @Argument(help: "Its name.")
    var name: String

    func run() async throws {
        let console = Console.standard
        let path = ContextsFile.path(console.environment)
        var file = try ContextsFile.load(path)
        try ContextText.require(name, file)
        file.current = name
        try file.save(path)
        console.write("Using \(name) (\(file.contexts[name]?.server.description ?? "")).")
    }
}

/// `roadstead context show [NAME]`
struct ContextShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a context, the current one when none is named.")

    @Argument(help: "Its name.")
    var name: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let file = try ContextsFile.load(ContextsFile.path(console.environment))
        guard let name = name ?? file.current else {
            throw RoadsteadError(.notFound, "no context is in use: log in by `roadstead login URL`")
        }
        try ContextText.require(name, file)
        let document = ContextText.document(name, file, now: SystemClock().now)
        console.write(
            try Listing.lines(document, output) {
                var sheet = FactSheet()
                for (label, key) in [
                    ("Name", "id"), ("Current", "current"), ("Server", "server"), ("User", "user"),
                    ("Session", "session"), ("Until", "session-expiry"), ("API key", "api-key"),
                ] { sheet.add(label, document.text(key)) }
                return sheet.lines()
            })
    }
}

/// `roadstead context rm NAME…`
struct ContextRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forget contexts; sessions at their servers are ended by logout.")

    @Argument(help: "Their names.")
    var names: [String]

    func run() async throws {
        let console = Console.standard
        let path = ContextsFile.path(console.environment)
        var file = try ContextsFile.load(path)
        for name in names { try ContextText.require(name, file) }
        for name in names { file.contexts[name] = nil }
        if let current = file.current, names.contains(current) { file.current = nil }
        try file.save(path)
        console.write(names.map { "Forgot \($0)." })
    }
}
