import RoadsteadBasics

extension ResourceType {
    /// Something with an endpoint: a Swarm, a registry, an S3 store. `subtype` is open; conventions are `swarm`,
    /// `kubernetes`, `s3`, `registry`, `helm-repo`. A VPN has other attributes than an endpoint.
    public static let infrastructureService = ResourceType(
        "infrastructure-service", description: "Something with an endpoint: a Swarm, a registry, an S3 store.",
        attributes: [
            Attribute(
                "subtype", .token(rule: "lower-case words with single dashes", isSubtype), [.required, .fixed],
                description: "What it is: swarm, kubernetes, s3, registry, helm-repo or another word."),
            Attribute("method", .string, [.required, .fixed], description: "The template that it was made from."),
            Attribute("endpoint", .text, description: "Its address; every service but a VPN has one."),
        ] + serviceFacts + vpnFacts,
        templates: [
            ResourceTemplate(
                "generic", name: "Service", description: "Any service that has an endpoint",
                defaults: ["method": "generic", "state": "STARTED"],
                schema: [
                    Attribute("method", .oneOf(["generic"])),
                    Attribute("subtype", .token(rule: "lower-case words with single dashes", isSubtype), .required),
                    Attribute("endpoint", .text, .required),
                ] + serviceFacts.map { Attribute($0.name, $0.kind, description: $0.description) }),
            ResourceTemplate(
                "vpn", name: "VPN", description: "A VPN that edges or customers connect by",
                defaults: ["method": "vpn", "subtype": "vpn", "state": "STARTED"],
                schema: [
                    Attribute("vpn-scope", .oneOf(["customer", "nuvlabox"]), .required),
                    Attribute("vpn-endpoints", vpnEndpoints, .required),
                    Attribute("vpn-ca-certificate", .text, .required),
                ] + vpnOptions),
        ],
        actions: [
            ResourceAction(
                "stacks", right: .viewData, isListed: false,
                description: "The stacks on a Swarm, and which deployment each belongs to.",
                input: [
                    Attribute("credential", .resource(["credential"]), description: "Any of the service's without it.")
                ]
            ),
            ResourceAction(
                "plan", right: .viewData, isListed: false,
                description: "What a deployment that is not there yet would change on the Swarm; nothing is kept.",
                input: [
                    Attribute("module", .anything, .required, description: "href, or content with docker-compose."),
                    Attribute("credential", .resource(["credential"])),
                    Attribute("stack-name", .text, description: "What the stack is called."),
                    Attribute("profiles", .strings), Attribute("registries-credentials", .strings),
                ] + choices),
            ResourceAction(
                "adopt", right: .viewData, isListed: false,
                description: "Make a deployment of a stack that is on the Swarm; nothing there is touched.",
                input: [
                    Attribute("stack", .text, .required, description: "Its name."),
                    Attribute("name", .text, description: "Of the deployment; the stack's without it."),
                    Attribute("credential", .resource(["credential"])),
                ]),
        ],
        recordsEvents: true)

    /// Several services under one name, such as all of an edge.
    public static let infrastructureServiceGroup = ResourceType(
        "infrastructure-service-group", description: "Services that belong together.",
        attributes: [
            Attribute("documentation", .text, description: "URL of a page about the services."),
            Attribute(
                "infrastructure-services", .array(of: .map(Schema([Attribute("href", .text, .required)]))), .managed,
                description: "The services whose parent it is and that the caller can see; in a single read only."),
        ])

    private static let serviceFacts = [
        Attribute("state", .oneOf(serviceStates), [.required, .defaulted], description: "What state it is in."),
        Attribute("swarm-enabled", .boolean, description: "Whether the engine is part of a Swarm; set by the check."),
        Attribute("swarm-manager", .boolean, description: "Whether it is one of its managers; set by the check."),
        Attribute("online", .boolean, description: "Whether it answered the last check."),
        Attribute("capabilities", .array(of: .text), description: "What it can do, such as NUVLA_JOB_PULL."),
    ]

    private static let vpnFacts =
        [
            Attribute("vpn-scope", .oneOf(["customer", "nuvlabox"]), description: "Who may connect."),
            Attribute("vpn-endpoints", vpnEndpoints, description: "Where to connect."),
            Attribute("vpn-ca-certificate", .text, description: "PEM of the VPN's authority."),
        ] + vpnOptions

    private static let vpnOptions = [
        Attribute("vpn-shared-key", .text, .secret, description: "The key that all sides share."),
        Attribute("vpn-common-name-prefix", .text, description: "What certificates' names begin with."),
        Attribute("vpn-intermediate-ca", .array(of: .text), description: "PEM of intermediate authorities."),
    ]

    private static let vpnEndpoints = AttributeKind.array(
        of: .map(
            Schema([
                Attribute("protocol", .oneOf(["tcp", "udp"]), .required),
                Attribute("port", .integer(1...65_535), .required),
                Attribute("endpoint", .text, .required),
            ])), minimum: 1, isDistinct: false)

    private static let serviceStates = [
        "CREATED", "STARTING", "STARTED", "STOPPING", "STOPPED", "PAUSING", "PAUSED", "SUSPENDING", "SUSPENDED",
        "TERMINATING", "TERMINATED", "ERROR",
    ]

    private static func isSubtype(_ text: String) -> Bool {
        text.utf8.count <= 100
            && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty && word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
    }
}
