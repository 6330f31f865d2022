import RoadsteadBasics

extension ResourceType {
    /// How to act on a service or as somebody. Secrets are sealed in the store and are not part of any answer.
    public static let credential = ResourceType(
        "credential",
        access: CollectionAccess(query: [Principal.user, Principal.edge], add: [Principal.user, Principal.edge]),
        attributes: [
            Attribute("subtype", .string, [.required, .fixed]),
            Attribute("method", .string, [.required, .fixed]),
            Attribute("status", .oneOf(["VALID", "INVALID", "UNKNOWN"])),
            Attribute("last-check", .timestamp, .managed),
            // Why the last check ended as it did, for people: ours, beside the dialect's status.
            Attribute("status-message", .string, .managed),
        ],
        subtypes: [
            "infrastructure-service-swarm": certificates + [service],
            "infrastructure-service-registry": account + [service],
            "api-key": [
                Attribute("digest", .string, [.required, .hidden]),
                Attribute("expiry", .timestamp, .fixed),
                Attribute("claims", .map(apiKeyClaims), [.required, .fixed]),
                Attribute("scope", KeyScope.kind, .fixed),
            ],
            "hashed-password": [
                Attribute("hash", .string, [.required, .hidden]),
                Attribute("parent", .resource(["user"])),
            ],
        ],
        templates: [
            ResourceTemplate(
                "infrastructure-service-swarm", name: "Swarm TLS credential",
                description: "CA, client certificate and key of a Docker Swarm's engine API",
                defaults: ["method": "infrastructure-service-swarm", "subtype": "infrastructure-service-swarm"],
                schema: certificates + [service]),
            ResourceTemplate(
                "infrastructure-service-registry", name: "Registry account",
                description: "User name and password of a container registry",
                defaults: ["method": "infrastructure-service-registry", "subtype": "infrastructure-service-registry"],
                schema: account + [service]),
            ResourceTemplate(
                "generate-api-key", name: "API key", description: "A key and a secret that programs log in with",
                defaults: ["method": "generate-api-key", "subtype": "api-key", "ttl": 0],
                schema: [Attribute("ttl", .integer(0...3_153_600_000)), Attribute("scope", KeyScope.kind)]),
            ResourceTemplate(
                "generate-hashed-password", name: "Password", description: "A password of which only a hash is kept",
                defaults: ["method": "generate-hashed-password", "subtype": "hashed-password"],
                schema: [Attribute("password", .text, .required), Attribute("parent", .resource(["user"]))]),
        ],
        actions: [
            ResourceAction("check", right: .manage),
            ResourceAction("check-password", right: nil),
            ResourceAction("change-password", right: nil),
        ])

    /// PEM texts. None are needed where the engine is reached over its socket or without TLS; the word `null`, which
    /// edges send in that case, counts as none.
    private static let certificates = [
        Attribute("ca", .text), Attribute("cert", .text), Attribute("key", .text, .secret),
    ]

    private static let account = [
        Attribute("username", .text, .required), Attribute("password", .text, [.required, .secret]),
    ]

    private static let service = Attribute("parent", .resource(["infrastructure-service"]), .required)

    private static let apiKeyClaims = Schema([
        Attribute("identity", .text, .required), Attribute("roles", .strings, .required),
    ])
}
