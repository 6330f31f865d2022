import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead user suspend NAME…`
struct UserSuspend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Keep users out: their sessions end, their keys do not work.")

    @Argument(help: "Login names, e-mail addresses or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws { try await UserState.set("SUSPENDED", names, connection, said: "Suspended") }
}

/// `roadstead user resume NAME…`
struct UserResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let suspended users in again.")

    @Argument(help: "Login names, e-mail addresses or ids.")
    var names: [String]

    @OptionGroup var connection: ConnectionOptions

    func run() async throws { try await UserState.set("ACTIVE", names, connection, said: "Resumed") }
}

enum UserState {
    static func set(_ state: String, _ names: [String], _ options: ConnectionOptions, said: String) async throws {
        try await Connection.run(options) { connection in
            for name in names {
                let id = try await UserLookup(client: connection.client).get(name)
                let user = try await connection.client.edit(id, ["state": .string(state)])
                // What one may not set is left out in silence by the dialect.
                guard user.text("state") == state else {
                    throw RoadsteadError(
                        .forbidden,
                        "only administrators do this: run `roadstead switch nuvla-admin` first, if you are one")
                }
                connection.console.write("\(said) \(name) (\(id)).")
            }
        }
    }
}
