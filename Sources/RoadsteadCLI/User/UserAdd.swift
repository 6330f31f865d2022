import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead user add NAME`
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account.",
        discussion: """
            The password is read from standard input (--password-stdin), from ROADSTEAD_NEW_PASSWORD, or asked for at \
            the terminal. It needs 8 characters with upper and lower case, a digit and another character.
            """)

    @Argument(help: "The name to log in with.")
    var name: String

    @Option(help: ArgumentHelp("An e-mail address, with which to log in too.", valueName: "address"))
    var email: String?

    @Option(help: ArgumentHelp("A sentence about the account.", valueName: "text"))
    var description: String?

    @Flag(help: "Make it without a password: nobody can log in until `user password` sets one.")
    var noPassword = false

    @OptionGroup var password: NewPassword
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var template: JSONObject = ["href": "user-template/minimum", "username": .string(name)]
        template["email"] = email.map(JSONValue.string)
        if !noPassword { template["password"] = .string(try await password.read(for: name).exposed) }
        var body: JSONObject = ["template": .object(template)]
        body["description"] = description.map(JSONValue.string)
        let request = body
        try await Connection.run(connection) { connection in
            let id = try await Self.add(request, connection.client)
            let document: JSONObject = ["id": .string(id.description), "name": .string(name)]
            connection.console.write(try Listing.lines(document, output) { ["Added the user '\(name)' (\(id))."] })
        }
    }

    /// The server hides the template from those who may not use it, which says little to a person.
    private static func add(_ body: JSONObject, _ client: APIClient) async throws(RoadsteadError) -> ResourceID {
        do { return try await client.add("user", body).requireResource() } catch {
            guard error.message.contains("template cannot be accessed") else { throw error }
            throw RoadsteadError(
                .forbidden,
                "only administrators make accounts: run `roadstead switch nuvla-admin` first, if you are one")
        }
    }
}
