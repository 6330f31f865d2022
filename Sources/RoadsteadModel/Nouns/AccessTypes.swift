import RoadsteadBasics

extension ResourceType {
    /// An account. Anybody may list (and sees what the lists of the documents allow).
    public static let user = ResourceType(
        "user",
        access: CollectionAccess(query: [Principal.anonymous], add: [Principal.anonymous]),
        attributes: [
            Attribute("state", .oneOf(["NEW", "ACTIVE", "SUSPENDED"]), .required),
            Attribute("method", .string),
            Attribute("email", .resource(["email"])),
            Attribute("credential-password", .resource(["credential"]), .fixed),
            Attribute("credential-totp", .resource(["credential"]), .fixed),
            Attribute("auth-method-2fa", .oneOf(["none", "email", "totp"]), .fixed),
        ],
        templates: [
            ResourceTemplate(
                "username-password", name: "User name and password", description: "An account made by an administrator",
                defaults: ["method": "username-password", "instance": "username-password"],
                visibleTo: [Principal.admin],
                schema: [
                    Attribute("username", .token(rule: "1 to 200 characters without blanks", isLoginName), .required),
                    Attribute("password", .text, .required),
                ])
        ])

    private static func isLoginName(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && !text.contains { $0.isWhitespace || $0.isNewline }
    }

    /// A name that somebody logs in with; its id is derived from it, so that it is unique.
    public static let userIdentifier = ResourceType(
        "user-identifier",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin]),
        verbs: [.add, .query, .retrieve, .delete],
        attributes: [
            Attribute("identifier", .text, .required),
            Attribute("parent", .resource(["user"]), .required),
        ])

    /// A login. Its cookie is an opaque token of which only a hash is kept.
    public static let session = ResourceType(
        "session",
        access: CollectionAccess(query: [Principal.anonymous], add: [Principal.anonymous]),
        verbs: [.add, .query, .retrieve, .delete],
        attributes: [
            Attribute("method", .string, .required),
            Attribute(
                "template", .map(Schema([Attribute("href", .resource(["session-template"]), .required)])), .required),
            Attribute("expiry", .timestamp, .required),
            Attribute("identifier", .string),
            Attribute("user", .string),
            Attribute("roles", .string),
            Attribute("active-claim", .string),
            Attribute("client-ip", .string),
            Attribute("server", .string),
            Attribute("redirect-url", .string),
            Attribute("token-hash", .string, [.required, .hidden]),
        ],
        templates: [
            ResourceTemplate(
                "password", name: "User name and password", description: "Log in with a user name and a password",
                defaults: [
                    "method": "password", "instance": "password", "group": "Login", "icon": "user", "order": 0,
                    "username": "username", "password": "password",
                ],
                visibleTo: [Principal.anonymous],
                schema: [Attribute("username", .text, .required), Attribute("password", .string, .required)]),
            ResourceTemplate(
                "api-key", name: "Key and secret", description: "Log in with the key and the secret of an API key",
                defaults: [
                    "method": "api-key", "instance": "api-key", "group": "Programmatic login", "icon": "key",
                    "order": 1, "key": "key", "secret": "secret",
                ],
                visibleTo: [Principal.anonymous],
                schema: [Attribute("key", .text, .required), Attribute("secret", .string, .required)]),
        ],
        actions: [
            ResourceAction("get-groups", right: .manage), ResourceAction("switch-group", right: .editData),
        ],
        recordsEvents: true)

    /// Users who act together; a session takes a group's claims on by `switch-group`.
    public static let group = ResourceType(
        "group",
        access: CollectionAccess(query: [Principal.user, Principal.admin], add: [Principal.user, Principal.admin]),
        attributes: [
            Attribute("users", .array(of: .resource(["user"]), minimum: 0, isDistinct: true), .required),
            Attribute("parents", .array(of: .resource(["group"])), .fixed),
        ],
        templates: [
            ResourceTemplate(
                "generic", name: "Group", description: "A group of users",
                schema: [
                    Attribute(
                        "group-identifier", .token(rule: "kebab-case and begin with a letter", isGroupName), .required)
                ])
        ])

    private static func isGroupName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 100 else { return false }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        }
    }
}
