import RoadsteadBasics

extension ResourceType {
    /// An account. Anybody may list (and sees what the lists of the documents allow).
    public static let user = ResourceType(
        "user", description: "An account.",
        access: CollectionAccess(query: [Principal.anonymous], add: [Principal.anonymous]),
        attributes: [
            Attribute(
                "state", .oneOf(["NEW", "ACTIVE", "SUSPENDED"]), .required,
                description: "Only who is active may log in."),
            Attribute("method", .string, .fixed, description: "The template that it was made from."),
            Attribute("email", .resource(["email"]), description: "The address that mail is sent to."),
            Attribute(
                "credential-password", .resource(["credential"]), .fixed, description: "Where the password's hash is."),
            Attribute(
                "credential-totp", .resource(["credential"]), .fixed, description: "The second factor's credential."),
            Attribute(
                "auth-method-2fa", .oneOf(["none", "email", "totp"]), .fixed, description: "The second factor."),
        ],
        templates: [
            template(
                "username-password", name: "User name and password", "An account made by an administrator",
                visibleTo: Principal.admin, order: 10, icon: "user",
                [
                    Attribute("username", loginName, .required, description: loginText),
                    Attribute("password", .text, .required, description: passwordText),
                ]),
            template(
                "minimum", name: "Whatever is given", "An account made by an administrator, with or without a login",
                visibleTo: Principal.admin, order: 11, icon: "user",
                [
                    Attribute("username", loginName, description: loginText),
                    Attribute("email", EmailAddress.kind, description: addressText),
                    Attribute("password", .text, description: passwordText),
                ]),
            template(
                "email-password", name: "Sign up by e-mail", "An account that its owner makes and confirms by e-mail",
                visibleTo: Principal.anonymous, order: 0, icon: "user",
                [
                    Attribute("email", EmailAddress.kind, .required, description: addressText),
                    Attribute("password", .text, .required, description: passwordText),
                    Attribute("username", loginName, description: loginText),
                    Attribute("redirect-url", .string, description: redirectText),
                    Attribute("customer", .anything, description: "Kept for compatibility; nothing is charged."),
                ]),
            template(
                "email-invitation", name: "Invite by e-mail",
                "An account whose owner is asked for a password by e-mail",
                visibleTo: Principal.user, order: 1, icon: "mail",
                [
                    Attribute("email", EmailAddress.kind, .required, description: addressText),
                    Attribute("redirect-url", .string, description: redirectText),
                ]),
        ],
        // An administrator's way to let somebody in again: not on offer to the account itself.
        actions: [
            ResourceAction(
                "set-password", right: .editACL, isListed: false, description: "Give the account another password.")
        ],
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

    private static let loginText = "The name that logs in."
    private static let addressText = "The e-mail address, which logs in too."
    private static let passwordText = "At least 8 characters of four kinds."
    private static let redirectText = "Where to go on afterwards."

    private static let loginName = AttributeKind.token(rule: "1 to 200 characters without blanks") { text in
        (1...200).contains(text.utf8.count) && !text.contains { $0.isWhitespace || $0.isNewline }
    }

    /// A name that somebody logs in with; its id is derived from it, so that it is unique.
    public static let userIdentifier = ResourceType(
        "user-identifier", description: "A name that somebody logs in with.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin]),
        verbs: [.add, .query, .retrieve, .delete],
        attributes: [
            Attribute("identifier", .text, .required, description: "The name."),
            Attribute("parent", .resource(["user"]), .required, description: "Who logs in with it."),
        ],
        recordsEvents: true)
}
