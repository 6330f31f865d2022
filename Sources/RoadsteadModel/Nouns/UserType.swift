import RoadsteadBasics

extension ResourceType {
    /// An account. Anybody may list (and sees what the lists of the documents allow).
    public static let user = ResourceType(
        "user",
        access: CollectionAccess(query: [Principal.anonymous], add: [Principal.anonymous]),
        attributes: [
            Attribute("state", .oneOf(["NEW", "ACTIVE", "SUSPENDED"]), .required),
            Attribute("method", .string, .fixed),
            Attribute("email", .resource(["email"])),
            Attribute("credential-password", .resource(["credential"]), .fixed),
            Attribute("credential-totp", .resource(["credential"]), .fixed),
            Attribute("auth-method-2fa", .oneOf(["none", "email", "totp"]), .fixed),
        ],
        templates: [
            template(
                "username-password", name: "User name and password", "An account made by an administrator",
                visibleTo: Principal.admin, order: 10, icon: "user",
                [
                    Attribute("username", loginName, .required), Attribute("password", .text, .required),
                ]),
            template(
                "minimum", name: "Whatever is given", "An account made by an administrator, with or without a login",
                visibleTo: Principal.admin, order: 11, icon: "user",
                [
                    Attribute("username", loginName), Attribute("email", EmailAddress.kind),
                    Attribute("password", .text),
                ]),
            template(
                "email-password", name: "Sign up by e-mail", "An account that its owner makes and confirms by e-mail",
                visibleTo: Principal.anonymous, order: 0, icon: "user",
                [
                    Attribute("email", EmailAddress.kind, .required), Attribute("password", .text, .required),
                    Attribute("username", loginName), Attribute("redirect-url", .string),
                    Attribute("customer", .anything),
                ]),
            template(
                "email-invitation", name: "Invite by e-mail",
                "An account whose owner is asked for a password by e-mail",
                visibleTo: Principal.user, order: 1, icon: "mail",
                [Attribute("email", EmailAddress.kind, .required), Attribute("redirect-url", .string)]),
        ],
        // An administrator's way to let somebody in again: not on offer to the account itself.
        actions: [ResourceAction("set-password", right: .editACL, isListed: false)],
        recordsEvents: true)

    private static func template(
        _ method: String, name: String, _ description: String, visibleTo principal: String, order: Int, icon: String,
        _ schema: [Attribute]
    ) -> ResourceTemplate {
        ResourceTemplate(
            method, name: name, description: description,
            defaults: [
                "method": .string(method), "instance": .string(method), "group": "Registration",
                "order": JSONValue(order), "icon": .string(icon), "hidden": false,
            ],
            visibleTo: [principal], schema: schema)
    }

    private static let loginName = AttributeKind.token(rule: "1 to 200 characters without blanks") { text in
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
        ],
        recordsEvents: true)
}
