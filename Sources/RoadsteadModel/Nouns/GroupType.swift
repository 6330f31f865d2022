import RoadsteadBasics

extension ResourceType {
    /// Users who act together; a session takes a group's claims on by `switch-group`.
    public static let group = ResourceType(
        "group", description: "Users who act together.",
        access: CollectionAccess(query: [Principal.user, Principal.admin], add: [Principal.user, Principal.admin]),
        attributes: [
            Attribute(
                "users", .array(of: .resource(["user"]), minimum: 0, isDistinct: true), .required,
                description: "Its members."),
            Attribute(
                "parents", .array(of: .resource(["group"])), .fixed,
                description: "The groups above this one, the root first."),
        ],
        templates: [
            ResourceTemplate(
                "generic", name: "Group", description: "A group of users",
                schema: [
                    Attribute(
                        "group-identifier", groupIdentifier, .required,
                        description: "What its id ends in, such as ops for group/ops.")
                ])
        ],
        actions: [
            ResourceAction("invite", right: .manage, description: "Make a user a member."),
            ResourceAction("add-subgroup", right: .manage, description: "Make a group below this one."),
            ResourceAction(
                "get-pending-invitations", right: .manage, description: "Those who were asked and have not answered."),
            ResourceAction("revoke-invitation", right: .manage, description: "Take an invitation back."),
        ],
        recordsEvents: true)

    private static let groupIdentifier = AttributeKind.token(
        rule: "kebab-case and begin with a letter", isGroupIdentifier)

    /// Lower-case words of letters and digits joined by single hyphens, a letter first, at most 100 bytes.
    public static func isGroupIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 100 else { return false }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        }
    }
}
