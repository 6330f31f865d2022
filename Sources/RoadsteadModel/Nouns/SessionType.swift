import RoadsteadBasics

extension ResourceType {
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
            // Ours: what the API key behind the session is kept to.
            Attribute("scope", KeyScope.kind),
            Attribute("token-hash", .string, [.required, .hidden]),
            // The API key that logged in, so that the session ends with it.
            Attribute("credential", .resource(["credential"]), .hidden),
        ],
        templates: [
            ResourceTemplate(
                "password", name: "User name and password", description: "Log in with a user name and a password",
                defaults: [
                    "method": "password", "instance": "password", "group": "Login", "icon": "user", "order": 0,
                    "username": "username", "password": "password",
                ],
                visibleTo: [Principal.anonymous],
                schema: [
                    Attribute("username", .text, .required), Attribute("password", .string, .required), redirect,
                ]),
            ResourceTemplate(
                "api-key", name: "Key and secret", description: "Log in with the key and the secret of an API key",
                defaults: [
                    "method": "api-key", "instance": "api-key", "group": "Programmatic login", "icon": "key",
                    "order": 1, "key": "key", "secret": "secret",
                ],
                visibleTo: [Principal.anonymous],
                schema: [Attribute("key", .text, .required), Attribute("secret", .string, .required), redirect]),
        ],
        actions: [
            ResourceAction("get-groups", right: .manage), ResourceAction("get-peers", right: .manage),
            ResourceAction("switch-group", right: .editData),
        ],
        recordsEvents: true)

    private static let redirect = Attribute("redirect-url", .string)
}

extension KeyScope {
    /// A scope as the attribute of a document.
    static let kind = AttributeKind.map(
        Schema([Attribute("actions", .strings), Attribute("resources", .strings)]))
}
