import RoadsteadBasics

extension ResourceType {
    /// One application on one infrastructure service: a snapshot of the module, the target credential, the state.
    public static let deployment = ResourceType(
        "deployment",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkAction: [Principal.user]),
        attributes: [
            Attribute("module", .anything, .required),
            Attribute("state", .oneOf(DeploymentState.allCases.map(\.rawValue)), .required),
            Attribute("parent", .resource(["credential"])),
            Attribute("api-endpoint", .string),
            Attribute("data", .anything),
            Attribute("registries-credentials", .strings),
            Attribute("owner", .string, [.required, .fixed]),
            Attribute("execution-mode", .oneOf(["push", "pull", "mixed"])),
            Attribute("infrastructure-service", .resource(["infrastructure-service"]), .managed),
            Attribute("infrastructure-service-name", .string, .managed),
            Attribute("credential-name", .string, .managed),
        ],
        actions: [
            ResourceAction("start", right: .manage), ResourceAction("stop", right: .manage),
            ResourceAction("update", right: .manage), ResourceAction("force-delete", right: .delete),
            ResourceAction("fetch-module", right: .editData),
            ResourceAction("create-log", right: .manage),
            // Ours: what a start or an update would change on the Swarm.
            ResourceAction("plan", right: .manage),
        ],
        bulkActions: ResourceAction.tagActions,
        defaultOrder: [("created", false)], recordsEvents: true)

    /// A fact that a deployment produced, such as `web.tcp.80`. Its id is derived from deployment, node and name.
    public static let deploymentParameter = ResourceType(
        "deployment-parameter",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user]),
        verbs: ResourceType.allButBulk.union([.bulkDelete]),
        attributes: [
            Attribute("parent", .resource(["deployment"]), [.required, .fixed]),
            Attribute("name", .token(rule: "a token without blanks", isToken), [.required, .fixed]),
            Attribute("node-id", .token(rule: "a token without blanks", isToken), .fixed),
            Attribute("value", .string),
        ])

    /// Lines of a deployment's log; `fetch` on it gets the next ones. Made by a deployment's `create-log` only.
    public static let resourceLog = ResourceType(
        "resource-log",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin], bulkDelete: [Principal.admin]),
        verbs: [.query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("parent", .resource(["deployment"]), [.required, .fixed]),
            Attribute("components", .array(of: .text), .required),
            Attribute("since", .timestamp),
            Attribute("lines", .integer(1...10_000)),
            Attribute("last-timestamp", .timestamp, .managed),
            Attribute("log", .dictionary(of: .strings), .managed),
        ],
        actions: [ResourceAction("fetch", right: .manage)])

    private static func isToken(_ text: String) -> Bool { !text.isEmpty && !text.contains { $0.isWhitespace } }
}
