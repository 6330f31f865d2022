import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead user password [NAME]`
struct UserPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Change your password, or set another user's as an administrator.",
        discussion: """
            Your own: the present password comes from ROADSTEAD_PASSWORD or the terminal, or is the first line of \
            standard input, the new one the second. Sessions of the old password end.
            """)

    @Argument(help: "Login name, e-mail address or id; your own account when absent.")
    var name: String?

    @OptionGroup var password: NewPassword
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let me = try await connection.client.whoAmI()
            let id = try await UserShow.id(name, connection.client)
            if me.isAdmin, name != nil {
                try await set(id, connection.client)
            } else {
                try await change(id, connection.client)
            }
            connection.console.write("The password of \(name ?? id.description) is changed.")
        }
    }

    private func set(_ id: ResourceID, _ client: APIClient) async throws {
        let new = try await password.read(for: name ?? id.description)
        try await client.operation("set-password", on: id, ["new-password": .string(new.exposed)])
    }

    private func change(_ id: ResourceID, _ client: APIClient) async throws {
        guard let credential = ResourceID(try await client.get(id).text("credential-password")) else {
            throw RoadsteadError(.invalidState, "\(id) has no password; an administrator can set one")
        }
        let current = try await present()
        let new = try await password.read(for: "this account")
        try await client.operation(
            "change-password", on: credential,
            ["current-password": .string(current.exposed), "new-password": .string(new.exposed)])
    }

    private func present() async throws -> Redacted<String> {
        let console = Console.standard
        if let value = console.environment["ROADSTEAD_PASSWORD"], !value.isEmpty { return Redacted(value) }
        if password.passwordStdin { return try await Prompt.secretFromInput("present password") }
        guard console.isInputTerminal else {
            throw RoadsteadError(
                .invalidInput, "the present password is not given: set ROADSTEAD_PASSWORD, or use --password-stdin")
        }
        return try await Prompt.secret("Present password")
    }
}
