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
        Attribute("id", .string, .required),
        Attribute("resource-type", .string, .required),
        Attribute("created", .timestamp, .required),
        Attribute("updated", .timestamp, .required),
        Attribute("created-by", .string),
        Attribute("updated-by", .string),
        Attribute("acl", .anything, .required),
        Attribute("name", .text),
        Attribute("description", .string),
        Attribute("tags", .array(of: .string, minimum: 0, isDistinct: true)),
        Attribute("parent", .resource([])),
        Attribute("resource-metadata", .resource([])),
    ]
}
