import RoadsteadBasics

extension ResourceType {
    /// One application on one infrastructure service: a snapshot of the module, the target credential, the state, and
    /// (ours) how the stack is doing.
    public static let deployment = ResourceType(
        "deployment", description: "One application on one infrastructure service.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkAction: [Principal.user]),
        attributes: deploymentRequest + deploymentFacts + deploymentHealth + deploymentMembership,
        actions: deploymentActions + streamActions,
        bulkActions: ResourceAction.tagActions + bulkDeploymentActions,
        defaultOrder: [("created", false)], recordsEvents: true,
        concealedPaths: [["module", "content", "sealed-files"]])

    private static let deploymentRequest = [
        Attribute(
            "module", .anything, [.required],
            description: "A copy of the application, with the user's values; href says which version."),
        Attribute("parent", .resource(["credential"]), description: "The credential of the target."),
        Attribute(
            "api-endpoint", .string, .defaulted, description: "Where containers find this server: NUVLA_ENDPOINT."),
        Attribute("data", .anything, description: "Data objects and records that the application works on."),
        Attribute(
            "registries-credentials", .strings,
            description: "By position in the module's private-registries; an empty text leaves one open."),
        Attribute(
            "execution-mode", .oneOf(["push", "pull", "mixed"]), .defaulted,
            description: "Who deploys: this server (push), or an edge (pull)."),
        Attribute(
            "profiles", .strings,
            description: "Compose profiles whose services are part of the stack; those without a profile always are."),
        Attribute(
            "stack-name",
            .token(rule: "1 to 63 letters, digits, '-', '_', beginning with a letter or digit", isStackName),
            .defaulted, description: "What the stack is called on the Swarm; the deployment's uuid unless it is given."),
    ]

    private static let deploymentFacts = [
        Attribute(
            "state", .oneOf(DeploymentState.allCases.map(\.rawValue)), [.required, .defaulted],
            description: "Where it is in its life."),
        Attribute("owner", .string, [.required, .fixed, .defaulted], description: "Who made it."),
        Attribute(
            "infrastructure-service", .resource(["infrastructure-service"]), .managed,
            description: "The service that parent belongs to."),
        Attribute("infrastructure-service-name", .string, .managed, description: "Its name."),
        Attribute("credential-name", .string, .managed, description: "The name of parent."),
        Attribute("nuvlabox", .resource(["nuvlabox"]), .managed, description: "The edge that the target belongs to."),
        Attribute("nuvlabox-name", .string, .managed, description: "Its name."),
        Attribute(
            "api-credentials", .map(apiCredentials), .managed,
            description: "The API key that containers get; its secret is shown to the deployment's owner only."),
        Attribute("api-secret", .string, [.secret, .managed], description: "Shown inside api-credentials."),
        Attribute(
            "revision", .integer(0...Int64.max), .managed, description: "The last deployment-revision that was applied."
        ),
        Attribute("services", .strings, .managed, description: "The names of the stack's services."),
    ]

    private static let apiCredentials = Schema([
        Attribute("api-key", .resource(["credential"]), .required), Attribute("api-secret", .string),
    ])

    /// Ours: Nuvla's state says what was asked for, this says how it is now.
    private static let deploymentHealth = [
        Attribute(
            "health", .oneOf(["healthy", "degraded", "down", "unknown"]), .managed,
            description: "What the Swarm says about a deployment that is started."),
        Attribute("reason", .string, .managed, description: "Why it is not healthy, or why it failed."),
        Attribute("health-since", .timestamp, .managed, description: "Since when health is what it is."),
        Attribute(
            "failed-operation", .oneOf(["start", "update", "rollback", "stop"]), .managed,
            description: "What failed last with the stack touched: what runs may be no recorded revision."),
    ]

    /// Kept for deployment groups and billing, as they come from older servers.
    private static let deploymentMembership = [
        Attribute("deployment-set", .resource(["deployment-set"]), .managed),
        Attribute("deployment-set-name", .string, .managed),
        Attribute("app-set", .string, .managed),
        Attribute("coupon", .string), Attribute("subscription-id", .string, .managed),
        Attribute("data-objects", .anything), Attribute("data-records", .anything),
        Attribute("data-records-filter", .string),
    ]

    /// The rule of docker's client for names of stacks.
    private static func isStackName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetterOrDigit(first), text.utf8.count <= 63 else { return false }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
