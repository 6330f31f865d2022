import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead key create NAME`
struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an API key; its secret is printed once.",
        discussion: """
            The key acts as you (or as the group that you act for), as far as --allow and --resource go:
              roadstead key create ci --ttl 30d --allow retrieve,query,deployment/start \\
                --resource deployment --resource module/5b1c…
            Actions: retrieve, query, add, edit, delete, bulk-delete, or the name of an action; TYPE/ACTION keeps it to \
            a type. Resources: a type, or the id of one resource.
            """)

    @Argument(help: "What to call it.")
    var name: String

    @Option(help: "How long it is valid, such as 30d or 12h; for ever when absent.")
    var ttl: KeyLifetime?

    @Option(
        help: ArgumentHelp("An action that it may do, or several with commas; all when absent.", valueName: "action"))
    var allow: [String] = []

    @Option(help: ArgumentHelp("A type or an id that it may act on; all when absent.", valueName: "resource"))
    var resource: [String] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// The request's `template`.
    var template: JSONObject {
        var template: JSONObject = ["href": "credential-template/generate-api-key"]
        template["ttl"] = ttl.map { .integer(Int64($0.seconds)) }
        var scope = JSONObject()
        for (key, values) in [("actions", allow), ("resources", resource)] {
            let entries = values.flatMap { $0.split(separator: ",").map(String.init) }
            if !entries.isEmpty { scope[key] = JSONValue(entries) }
        }
        if !scope.isEmpty { template["scope"] = .object(scope) }
        return template
    }

    func run() async throws {
        let body: JSONObject = ["name": .string(name), "template": .object(template)]
        try await Connection.run(connection) { connection in
            let answer = try await connection.client.add("credential", body)
            let id = try answer.requireResource()
            let document = (["id": .string(id.description)] as JSONObject).merging(answer.body)
            connection.console.write(
                try Listing.lines(document, output) {
                    [
                        "API key: \(id)", "Secret:  \(answer.body.text("secret-key"))",
                        "The secret is shown this once; it cannot be read again.",
                    ]
                })
        }
    }
}
