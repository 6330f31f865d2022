import RoadsteadBasics

extension ResourceType {
    /// Something with an endpoint: a Swarm, a registry, an S3 store. `subtype` is open; conventions are `swarm`,
    /// `kubernetes`, `s3`, `registry`, `helm-repo`.
    public static let infrastructureService = ResourceType(
        "infrastructure-service",
        attributes: [
            Attribute("subtype", .token(rule: "lower-case words with single dashes", isSubtype), [.required, .fixed]),
            Attribute("method", .string, [.required, .fixed]),
            Attribute("endpoint", .text, .required),
            Attribute("state", .oneOf(serviceStates), .required),
            Attribute("swarm-enabled", .boolean),
            Attribute("swarm-manager", .boolean),
            Attribute("online", .boolean),
            Attribute("capabilities", .array(of: .text)),
        ],
        templates: [
            ResourceTemplate(
                "generic", name: "Service", description: "Any service that has an endpoint",
                defaults: ["method": "generic", "state": "STARTED"],
                schema: [
                    Attribute("method", .oneOf(["generic"])),
                    Attribute("subtype", .token(rule: "lower-case words with single dashes", isSubtype), .required),
                    Attribute("endpoint", .text, .required),
                    Attribute("state", .oneOf(serviceStates)),
                    Attribute("swarm-enabled", .boolean),
                    Attribute("swarm-manager", .boolean),
                    Attribute("online", .boolean),
                    Attribute("capabilities", .array(of: .text)),
                ])
        ],
        recordsEvents: true)

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
