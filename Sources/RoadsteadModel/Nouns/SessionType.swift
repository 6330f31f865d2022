import RoadsteadBasics

extension ResourceType {
    /// A login. Its cookie is an opaque token of which only a hash is kept.
    public static let session = ResourceType(
        "session", description: "A login.",
        access: CollectionAccess(query: [Principal.anonymous], add: [Principal.anonymous]),
        verbs: [.add, .query, .retrieve, .delete],
        attributes: [
            Attribute("method", .string, .required, description: "How it was logged in."),
            Attribute(
                "template", .map(Schema([Attribute("href", .resource(["session-template"]), .required)])), .required,
                description: "The template that it was made from."),
            Attribute("expiry", .timestamp, .required, description: "When it ends."),
            Attribute("identifier", .string, description: "The name or the key that logged in."),
            Attribute("user", .string, description: "Who logged in."),
            Attribute("roles", .string, description: "What the caller is known as, between blanks."),
            Attribute("active-claim", .string, description: "For whom the caller acts: itself or a group."),
            Attribute("client-ip", .string, description: "From where it was logged in."),
            Attribute("server", .string, description: "The host that was asked."),
            Attribute("redirect-url", .string, description: "Where to go on after the login."),
            // Ours.
            Attribute("scope", KeyScope.kind, description: "What the API key behind it is kept to."),
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
                    Attribute("username", .text, .required, description: "A login name or e-mail address."),
                    Attribute("password", .string, .required, description: "The password."), redirect,
                ]),
            ResourceTemplate(
                "api-key", name: "Key and secret", description: "Log in with the key and the secret of an API key",
                defaults: [
                    "method": "api-key", "instance": "api-key", "group": "Programmatic login", "icon": "key",
                    "order": 1, "key": "key", "secret": "secret",
                ],
                visibleTo: [Principal.anonymous],
                schema: [
                    Attribute("key", .text, .required, description: "The id of the API key."),
                    Attribute("secret", .string, .required, description: "Its secret."), redirect,
                ]),
        ],
        actions: [
            ResourceAction("get-groups", right: .manage, description: "The caller's groups with those below them."),
            ResourceAction("get-peers", right: .manage, description: "Who shares a group with the caller."),
            ResourceAction("switch-group", right: .editData, description: "Act for a group, or for oneself again."),
        ],
        recordsEvents: true)

    private static let redirect = Attribute(
        "redirect-url", .string, description: "Where to go on after the login.")
}

extension KeyScope {
    /// A scope as the attribute of a document.
    static let kind = AttributeKind.map(
        Schema([Attribute("actions", .strings), Attribute("resources", .strings)]))
}
