import RoadsteadBasics

extension ResourceType {
    /// Settings of the server (`configuration/nuvla`) and of what it works with. Administrators' alone.
    public static let configuration = ResourceType(
        "configuration", description: "Settings of this server.",
        access: CollectionAccess(query: [Principal.admin], add: [Principal.admin]),
        attributes: [
            Attribute("service", .text, [.required, .fixed], description: "What is configured."),
            Attribute("instance", .token(rule: "kebab-case", isInstance), .fixed, description: "Which one of several."),
            Attribute(
                "template", .map(Schema([Attribute("href", .text, .required)])), .fixed,
                description: "What it was made from."),
        ] + serverSettings + vpnSettings,
        templates: [
            ResourceTemplate(
                "nuvla", name: "Server", description: "Mail, redirects and support of this server",
                defaults: ["service": "nuvla", "smtp-port": 465, "smtp-ssl": true, "smtp-debug": false],
                visibleTo: [Principal.admin], schema: serverSettings),
            ResourceTemplate(
                "vpn-api", name: "VPN API", description: "Where certificates of a VPN are issued",
                defaults: ["service": "vpn-api"], visibleTo: [Principal.admin],
                schema: [Attribute("instance", .token(rule: "kebab-case", isInstance), .required)] + vpnSettings),
        ])

    private static let serverSettings = [
        Attribute("smtp-username", .text, description: "User at the mail server."),
        Attribute("smtp-password", .text, .secret, description: "Password at the mail server."),
        Attribute("smtp-host", .text, description: "The mail server's name."),
        Attribute("smtp-port", .integer(1...65_535), description: "The mail server's port."),
        Attribute("smtp-ssl", .boolean, description: "Whether it speaks TLS from the start."),
        Attribute("smtp-debug", .boolean, description: "Whether the exchange is logged, without secrets."),
        Attribute(
            "support-email", .token(rule: "an e-mail address", isEmail), description: "Whom people ask for help."),
        Attribute("stripe-api-key", .text, .secret, description: "Kept for compatibility; nothing is charged."),
        Attribute("stripe-client-id", .text, description: "Kept for compatibility; nothing is charged."),
        Attribute("external-vulnerabilities-db", .text, description: "URL of a vulnerability database."),
        Attribute("conditions-url", .text, description: "URL of the conditions of use."),
        Attribute("email-header-img-url", .text, description: "URL of the picture above mails."),
        Attribute(
            "authorized-redirect-urls", .array(of: .text),
            description: "What redirects after a login may begin with; anything when there are none."),
    ]

    private static let vpnSettings = [
        Attribute("endpoint", .text, description: "Address of the VPN's API."),
        Attribute(
            "infrastructure-services", .array(of: .resource(["infrastructure-service"])),
            description: "The VPN services that it issues certificates for."),
    ]

    private static func isInstance(_ text: String) -> Bool {
        text.utf8.count <= 100
            && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty && word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
    }

    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return text.utf8.count <= 254 && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && !text.contains { $0.isWhitespace }
    }
}
