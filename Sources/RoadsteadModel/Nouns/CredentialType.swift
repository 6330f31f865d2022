import RoadsteadBasics

extension ResourceType {
    /// How to act on a service or as somebody. Secrets are sealed in the store; only a single read shows them, and only
    /// to who may edit the credential's access list otherwise than as administrator.
    public static let credential = ResourceType(
        "credential", description: "What lets Roadstead into a service, or a program into Roadstead.",
        access: CollectionAccess(query: [Principal.user, Principal.edge], add: [Principal.user, Principal.edge]),
        attributes: [
            Attribute("subtype", .string, [.required, .fixed], description: "What kind of credential it is."),
            Attribute("method", .string, [.required, .fixed], description: "The template that it was made from."),
            Attribute(
                "status", .oneOf(["VALID", "INVALID", "UNKNOWN"]), description: "What the last check found out."),
            Attribute("last-check", .timestamp, .managed, description: "When it was checked last."),
            // Ours, beside the dialect's status.
            Attribute(
                "status-message", .string, .managed, description: "Why the last check ended as it did, for people."),
        ],
        subtypes: serviceCredentials.merging([
            "api-key": [
                Attribute("digest", .string, [.required, .hidden]),
                Attribute("expiry", .timestamp, .fixed),
                Attribute("claims", .map(apiKeyClaims), [.required, .fixed]),
                Attribute("scope", KeyScope.kind, .fixed),
                // The API key that made it, so that it ends with that one.
                Attribute("credential", .resource(["credential"]), .hidden),
            ],
            "hashed-password": [
                Attribute("hash", .string, [.required, .hidden]),
                Attribute("parent", .resource(["user"])),
            ],
        ]) { $1 },
        templates: serviceCredentialTemplates + [
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
            ResourceAction(
                "check", right: .manage, description: "Try the credential against its service; a job does it."),
            ResourceAction("check-password", right: nil),
            ResourceAction("change-password", right: nil),
        ])

    private static let apiKeyClaims = Schema([
        Attribute("identity", .text, .required), Attribute("roles", .strings, .required),
    ])
}
