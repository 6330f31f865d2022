import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead group add-member GROUP USER…`
struct GroupAddMember: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-member", abstract: "Make users members of a group that you own.")

    @OptionGroup var members: MemberArguments
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let id = try await GroupLookup(client: client).get(members.group)
            for user in members.users {
                if let given = ResourceID(user), given.type == "user" {
                    try await GroupMembers.change(id, client) { $0.contains(user) ? $0 : $0 + [user] }
                } else {
                    // The server knows the logins of all users; the caller need not see them.
                    try await client.operation("invite", on: id, ["username": .string(user)])
                }
                connection.console.write("\(user) is a member of \(id).")
            }
        }
    }
}

/// `roadstead group remove-member GROUP USER…`
struct GroupRemoveMember: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-member", abstract: "Take users out of a group; whoever acts for it is logged out.")

    @OptionGroup var members: MemberArguments
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let id = try await GroupLookup(client: client).get(members.group)
            for user in members.users {
                let leaver = try await UserLookup(client: client).get(user).description
                try await GroupMembers.change(id, client) { members throws(RoadsteadError) in
                    guard members.contains(leaver) else {
                        throw RoadsteadError(.notFound, "\(user) is no member of \(id)")
                    }
                    return members.filter { $0 != leaver }
                }
                connection.console.write("\(user) is no member of \(id) any more.")
            }
        }
    }
}

/// Which users of which group.
struct MemberArguments: ParsableArguments, Sendable {
    @Argument(help: "Identifier, id or name of the group.")
    var group: String

    @Argument(help: "Login names, e-mail addresses or ids (user/…).")
    var users: [String]
}

enum GroupMembers {
    static func change(
        _ group: ResourceID, _ client: APIClient, _ change: ([String]) throws(RoadsteadError) -> [String]
    ) async throws(RoadsteadError) {
        try await client.change(group) { document throws(RoadsteadError) in
            guard let users = document["users"]?.arrayValue?.compactMap(\.stringValue) else {
                throw RoadsteadError(.forbidden, "you may not see the members of \(group), nor change them")
            }
            return ["users": JSONValue(try change(users))]
        }
    }
}
