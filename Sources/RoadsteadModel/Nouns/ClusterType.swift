import RoadsteadBasics

extension ResourceType {
    /// Machines that are one Swarm: what it shall be (`specification`), and what was made of that. Ours; Nuvla has none.
    ///
    /// An edit of the specification asks nobody; the action `apply` brings it live.
    public static let cluster = ResourceType(
        "cluster", description: "Machines that are one Swarm: what it shall be, and what is there.",
        attributes: [
            Attribute("name", .text, [.required, .fixed, .defaulted], description: "The specification's."),
            Attribute(
                "specification", .map(ClusterSpecification.attributes), .required,
                description: "What it shall be: the content of cluster.yaml."),
        ] + clusterFacts + clusterSecrets,
        actions: clusterActions, defaultOrder: [("created", false)], recordsEvents: true)

    private static let clusterFacts = [
        Attribute(
            "applied", .map(ClusterSpecification.attributes), .managed,
            description: "The specification that was made live last."),
        Attribute(
            "state", .oneOf(ClusterState.allCases.map(\.rawValue)), [.required, .managed, .defaulted],
            description: "Where it is in its life."),
        Attribute("state-message", .string, .managed, description: "Why the last operation failed, if it did."),
        Attribute(
            "certificate-warning", .string, .managed, description: "Which certificates end soon, and what to do."),
        Attribute(
            "infrastructure-service", .resource(["infrastructure-service"]), .managed,
            description: "Where applications are deployed to."),
        Attribute(
            "infrastructure-credential", .resource(["credential"]), .managed,
            description: "What they are deployed with."),
        Attribute("swarm-id", .string, .managed, description: "The Swarm's own id."),
        Attribute("authority", .string, .managed, description: "PEM of the authority of its engines' certificates."),
        Attribute("ssh-public-key", .string, .managed, description: "The key that machines are made with."),
        Attribute(
            "things", .array(of: .map(clusterThing)), .managed,
            description: "What the driver made beside machines."),
        Attribute(
            "left-hosts", .array(of: .map(leftHost)), .managed,
            description: "Hosts that did not answer when they were taken out, and keep what was set up on them."),
    ]

    private static let leftHost = Schema([
        Attribute("host", .text, .required), Attribute("machine", .text, .required), Attribute("node-id", .string),
        Attribute("host-keys", .strings),
    ])

    /// Sealed by the server itself; a private key of a cluster never leaves by the uniform answers.
    private static let clusterSecrets = [
        Attribute("authority-key", .string, .hidden), Attribute("ssh-private-key", .string, .hidden),
        Attribute("autolock-key", .string, .hidden),
        // From where the machines see this server, when no setting says it.
        Attribute("seen-from", .strings, .hidden),
    ]

    private static let clusterThing = Schema([
        Attribute("kind", .text, .required), Attribute("id", .text, .required), Attribute("name", .string),
    ])

    private static let planID = Attribute(
        "plan-id", .text, description: "The plan that was approved: status 409 when it is another one by now.")

    private static let clusterActions = [
        ResourceAction("create", right: .editData, description: "Make it, or go on with making it; a job does it."),
        ResourceAction(
            "undo", right: .editData, description: "Take back what a making that failed has made; a job does it."),
        ResourceAction(
            "plan", right: .editData, description: "What an operation would do; hosts and driver are asked.",
            input: [
                Attribute(
                    "specification", .anything, description: "As if it had been put first; the cluster's without it."),
                Attribute("operation", .oneOf(["apply", "upgrade", "terminate"]), description: "apply without it."),
            ]),
        ResourceAction(
            "apply", right: .editData, description: "Bring the specification live; a job does it.", input: [planID]),
        ResourceAction(
            "upgrade", right: .editData,
            description: "Bring the specification's engine live, node by node, and nothing else; a job does it."),
        ResourceAction(
            "repair", right: .editData, description: "Bring back what was applied last; a job does it.",
            input: [planID]),
        ResourceAction(
            "terminate", right: .editData, description: "Remove all of it; a job does it.",
            input: [
                Attribute(
                    "expected", .strings,
                    description: "The ids that a plan has listed: status 409 when others would be removed by now."),
                Attribute("force", .boolean, description: "Even with deployments on it, which end with it."),
            ]),
        ResourceAction(
            "doctor", right: .editData,
            description: "Looks at machines, engines, network and Swarm for a minute at most, and says what to do."),
        ResourceAction(
            "engine-access", right: .editData,
            description: "A client certificate for its engines, made for the caller, and where they are."),
    ]
}
