import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct ContextChoiceTests {
    private func file() throws -> ContextsFile {
        var file = try ContextsFile.load("/nonexistent/contexts.json")
        for name in ["a", "b"] {
            var context = ServerContext(server: try ServerAddress("https://\(name).example"))
            context.cookie = Redacted(name)
            file.contexts[name] = context
        }
        file.current = "a"
        return file
    }

    private func choose(
        server: String? = nil, context: String? = nil, _ environment: [String: String] = [:]
    ) throws -> ContextChoice {
        try ContextChoice.make(server: server, context: context, environment: environment, file: file())
    }

    @Test("options win over the environment, that over the current context")
    func order() throws {
        #expect(try choose().name == "a")
        #expect(try choose(["ROADSTEAD_CONTEXT": "b"]).name == "b")
        #expect(try choose(["ROADSTEAD_SERVER": "https://b.example"]).name == "b")
        #expect(try choose(context: "a", ["ROADSTEAD_CONTEXT": "b"]).name == "a")
        #expect(try choose(server: "https://a.example", ["ROADSTEAD_CONTEXT": "b"]).name == "a")
    }

    @Test("a server that is not known yet is spoken to as nobody, and nothing is saved")
    func unknownServer() throws {
        let choice = try choose(server: "https://c.example")
        #expect(choice.name == nil)
        #expect(choice.context.cookie == nil)
    }

    @Test("a key in the environment replaces the saved session")
    func key() throws {
        let choice = try choose(["ROADSTEAD_API_KEY": "credential/1", "ROADSTEAD_API_SECRET": "s"])
        #expect(choice.name == nil)
        #expect(choice.context.cookie == nil)
        #expect(choice.context.apiKey == "credential/1")
        #expect(choice.context.server == (try ServerAddress("https://a.example")))
    }

    @Test("an unknown context names the known ones; none at all says how to log in")
    func refusals() throws {
        #expect(message { _ = try choose(context: "z") }.contains("known: a, b"))
        let empty = try ContextsFile.load("/nonexistent/contexts.json")
        #expect(
            message { _ = try ContextChoice.make(server: nil, context: nil, environment: [:], file: empty) }
                .contains("roadstead login URL"))
    }
}
