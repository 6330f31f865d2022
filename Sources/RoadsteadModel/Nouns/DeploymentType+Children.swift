import RoadsteadBasics

extension ResourceType {
    /// A fact that a deployment produced, such as `web.tcp.80`. Its id is derived from deployment, node and name.
    public static let deploymentParameter = ResourceType(
        "deployment-parameter", description: "A fact that a deployment produced, such as a port.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user]),
        verbs: ResourceType.allButBulk.union([.bulkDelete]),
        attributes: [
            Attribute("parent", .resource(["deployment"]), [.required, .fixed], description: "The deployment."),
            Attribute(
                "name", .token(rule: "a token without blanks", isToken), [.required, .fixed],
                description: "What it is, such as hostname or web.tcp.80."),
            Attribute(
                "node-id", .token(rule: "a token without blanks", isToken), .fixed,
                description: "The service that it is about."),
            Attribute("value", .string, description: "Always a text."),
        ])

    /// Lines of a deployment's log; `fetch` on it gets the next ones. Made by a deployment's `create-log` only.
    public static let resourceLog = ResourceType(
        "resource-log", description: "Lines of a deployment's log, fetched on request.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin], bulkDelete: [Principal.admin]),
        verbs: [.query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("parent", .resource(["deployment"]), [.required, .fixed], description: "The deployment."),
            Attribute("components", .array(of: .text), .required, description: "Names of services."),
            Attribute("since", .timestamp, description: "Lines from then on."),
            Attribute("lines", .integer(1...10_000), description: "The last so many of each service."),
            Attribute(
                "last-timestamp", .timestamp, .managed, description: "Of the newest line: the next fetch begins there."),
            Attribute("log", .dictionary(of: .strings), .managed, description: "Lines by service."),
        ],
        actions: [ResourceAction("fetch", right: .manage, description: "Get the next lines; a job does it.")])

    /// Ours: what a deployment was at one successful apply, enough to bring it back. Contents of secrets, values of
    /// variables and specs are sealed.
    public static let deploymentRevision = ResourceType(
        "deployment-revision", description: "What a deployment was when it was applied: rollback brings it back.",
        access: CollectionAccess(query: [Principal.user], add: []), verbs: ResourceType.readOnly,
        attributes: [
            Attribute(
                "parent", .resource(["deployment"]), [.required, .managed], description: "The deployment."),
            Attribute("revision", .integer(1...Int64.max), [.required, .managed], description: "Counted from 1."),
            Attribute("stack-name", .string, [.required, .managed], description: "The stack on the Swarm."),
            Attribute(
                "operation", .oneOf(["start", "update", "rollback", "scale", "restart", "adopt"]),
                [.required, .managed],
                description: "What made it."),
            Attribute(
                "restored", .integer(1...Int64.max), .managed, description: "The revision that was brought back."),
            Attribute("job", .resource(["job"]), .managed, description: "The job that applied it."),
            Attribute("module", .map(revisionModule), .managed, description: "Which version of which application."),
            Attribute(
                "images", .dictionary(of: .string), .managed, description: "By service, with their digests."),
            Attribute("variables", .strings, .managed, description: "The names of the variables that were set."),
            Attribute("outcome", .string, .managed, description: "The verdict."),
            Attribute("docker-compose", .string, .managed, description: "The Compose text."),
            Attribute("sealed", .string, [.hidden], description: "All that is needed to bring it back."),
        ],
        defaultOrder: [("revision", false)])

    private static let revisionModule = Schema([
        Attribute("href", .string), Attribute("name", .string), Attribute("path", .string),
        Attribute("version", .integer(0...Int64.max)),
    ])

    private static func isToken(_ text: String) -> Bool { !text.isEmpty && !text.contains { $0.isWhitespace } }
}
