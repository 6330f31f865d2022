import RoadsteadBasics

extension ResourceType {
    /// One machine of a cluster. Made and removed by the cluster's operations only; its list follows the cluster's.
    public static let machine = ResourceType(
        "machine", description: "One machine of a cluster.",
        access: CollectionAccess(query: [Principal.user]), verbs: readOnly,
        attributes: machineFacts + machineNode + [
            Attribute("engine-certificate", .string, .hidden), Attribute("engine-key", .string, .hidden),
            // Made, and not installed yet.
            Attribute("next-certificate", .string, .hidden), Attribute("next-key", .string, .hidden),
            // What the driver knows it by before it has an id.
            Attribute("token", .string, .hidden),
        ],
        actions: [
            power("start", "Switch it on; a job does it."), power("stop", "Shut it down; a job does it."),
            power("restart", "Shut it down and start it again; a job does it."),
            power("kill", "Cut its power; a job does it."),
            change("remove", "Take it out of its cluster, which asks for one node less from then on; a job does it."),
            change("upgrade", "Bring the specification's engine to it alone; a job does it."),
            change("regenerate-certs", "Give its engine a new certificate; a job does it."),
            ResourceAction(
                "ssh-access", right: .editData, description: "How it is entered; with the key that is kept."),
            ResourceAction("status", right: .viewData, description: "How it is now: it is asked."),
            ResourceAction(
                "trust", right: .editData, description: "Which host keys it is known by, and which it shows now.",
                input: [
                    Attribute(
                        "host-key", .text,
                        description: "The fingerprint (SHA256:…) that it is known by from now on: status 409 when it "
                            + "shows another one.")
                ]),
        ],
        defaultOrder: [("name", true)], recordsEvents: true)

    private static func power(_ name: String, _ description: String) -> ResourceAction {
        ResourceAction(name, right: .manage, description: description)
    }

    private static func change(_ name: String, _ description: String) -> ResourceAction {
        ResourceAction(name, right: .editData, description: description)
    }

    private static let machineFacts = [
        Attribute("parent", .resource(["cluster"]), [.required, .managed], description: "Its cluster."),
        Attribute("name", .text, [.required, .managed], description: "Its name within the cluster, as prod-1."),
        Attribute(
            "role", .oneOf(MachineRole.allCases.map(\.rawValue)), [.required, .managed],
            description: "What it does in the Swarm."),
        Attribute(
            "state", .oneOf(MachineState.allCases.map(\.rawValue)), [.required, .managed],
            description: "Where it is in its life."),
        Attribute("state-message", .string, .managed, description: "What went wrong with it last."),
        Attribute("driver", .text, [.required, .managed], description: "Who made it; generic for hosts that existed."),
        Attribute("zone", .string, .managed, description: "Where it stands."),
        Attribute("size", .string, .managed, description: "What was asked for."),
        Attribute("image", .string, .managed, description: "What it was made from."),
        Attribute("provider-id", .string, .managed, description: "The cloud's own id."),
        Attribute("address", .string, .managed, description: "Where this server reaches it."),
        Attribute("private-address", .string, .managed, description: "Where the other machines reach it."),
        Attribute("port", .integer(1...65535), .managed, description: "Of SSH."),
        Attribute("user", .string, .managed, description: "Who is logged in as."),
        Attribute("host-keys", .strings, .managed, description: "The SSH keys that it is known by."),
        Attribute("jump", .map(machineJump), .managed, description: "The host through which it is reached."),
    ]

    private static let machineNode = [
        Attribute("node-id", .string, .managed, description: "Of its node in the Swarm."),
        Attribute("engine-version", .string, .managed, description: "Of its Docker Engine."),
        Attribute(
            "engine-packages", .oneOf(ClusterEngine.Packages.allCases.map(\.rawValue)), .managed,
            description: "From which packages its engine is."),
        Attribute(
            "set-aside", .string, .managed,
            description: "There while Roadstead has drained its node to change its engine: what the node was before."),
        Attribute("system", .string, .managed, description: "As debian 12."),
        Attribute("machine-id", .string, .managed, description: "Of its system, machine-id(5)."),
        Attribute("addresses", .strings, .managed, description: "Those that its system has."),
        Attribute("labels", .dictionary(of: .string), .managed, description: "Those of its node, seen last."),
        Attribute("own-labels", .strings, .managed, description: "Keys of the labels that Roadstead has set."),
        Attribute("certificate-expiry", .timestamp, .managed, description: "Of its engine's certificate."),
    ]

    private static let machineJump = Schema([
        Attribute("address", .text, .required), Attribute("port", .integer(1...65535)), Attribute("user", .string),
        Attribute("host-keys", .strings),
    ])
}
