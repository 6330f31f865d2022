import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead share RESOURCE`
struct Share: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Share something with a user or a group, or show with whom it is shared.",
        discussion: """
            view: see it. use: also act with it, such as start and stop. edit: also change it. manage: everything, \
            also share and remove it. To let others deploy to a Swarm, share its credential with them too.
            """)

    @Argument(help: "Name or id of what is shared.")
    var resource: String

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("A user, a group, or an id such as group/ops; shows the list when absent.", valueName: "who")
    )
    var principal: String?

    @Option(help: "What they may do: view, use, edit or manage.")
    var right = ShareRight.view

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let target = ShareTarget(client: connection.client)
            let document = try await target.resource(resource)
            guard let principal else { return try show(document, connection.console) }
            let who = try await target.principal(principal)
            try await Self.set(right, for: who, on: try document.requireID(), connection.client)
            guard !output.quiet else { return }
            connection.console.write("\(who) may \(right.rawValue) \(document.title) (\(document.text("id"))).")
        }
    }

    private func show(_ document: JSONObject, _ console: Console) throws {
        let listing = Listing(
            documents: try ShareList(document).rows,
            columns: [.init("WHO", key: "id"), .init("MAY", key: "right"), .init("RIGHTS", key: "rights")])
        console.write(try listing.lines(output))
    }

    static func set(
        _ right: ShareRight?, for principal: String, on resource: ResourceID, _ client: APIClient
    ) async throws(RoadsteadError) {
        let edited = try await client.change(resource) { document throws(RoadsteadError) in
            var list = try ShareList(document)
            try list.set(right, for: principal)
            return ["acl": .object(list.json)]
        }
        // What one may not set is left out in silence by the dialect.
        let held = try ShareList(edited).rows.first { $0.text("id") == principal }
        guard held?["right"]?.stringValue == right?.rawValue else {
            throw RoadsteadError(.forbidden, "you may not share \(resource)")
        }
    }
}

/// `roadstead unshare RESOURCE --with WHO`
struct Unshare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take every right on something away from a user or a group.")

    @Argument(help: "Name or id of what was shared.")
    var resource: String

    @Option(
        name: .customLong("with"), help: ArgumentHelp("A user, a group, or an id such as group/ops.", valueName: "who"))
    var principal: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let target = ShareTarget(client: connection.client)
            let document = try await target.resource(resource)
            let who = try await target.principal(principal)
            guard try ShareList(document).rows.contains(where: { $0.text("id") == who }) else {
                throw RoadsteadError(.notFound, "\(document.title) is not shared with \(who)")
            }
            try await Share.set(nil, for: who, on: try document.requireID(), connection.client)
            connection.console.write("\(document.title) (\(document.text("id"))) is no longer shared with \(who).")
        }
    }
}
