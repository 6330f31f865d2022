import RoadsteadBasics

/// The attributes that every resource has or may have.
public enum CommonAttributes {
    /// What the server alone sets; clients may send them back and they are left out.
    public static let serverSet: Set<String> = [
        "id", "resource-type", "created", "updated", "created-by", "updated-by", "operations", "resource-metadata",
    ]

    /// What stands outside the `template` map of a templated add.
    public static let wrapper: Set<String> = ["name", "description", "tags", "parent", "acl"]

    public static let list: [Attribute] = [
        Attribute("id", .string, [.required, .defaulted], description: "type/identifier; set once by the server."),
        Attribute("resource-type", .string, [.required, .defaulted], description: "The name of the type."),
        Attribute("created", .timestamp, [.required, .defaulted], description: "When it was made."),
        Attribute("updated", .timestamp, [.required, .defaulted], description: "When it was changed last."),
        Attribute("created-by", .string, description: "The user who made it."),
        Attribute("updated-by", .string, description: "The user who changed it last."),
        Attribute("acl", .anything, [.required, .defaulted], description: "Who may do what with it."),
        Attribute("name", .text, description: "A short name for people."),
        Attribute("description", .string, description: "What it is, for people."),
        Attribute(
            "tags", .array(of: .string, minimum: 0, isDistinct: true), description: "Words to find it by."),
        Attribute("parent", .resource([]), description: "The resource that it belongs to."),
        Attribute("resource-metadata", .resource([]), description: "The description of its type."),
    ]
}
